namespace Workbench.SaeTrain.Training.Backends;

/// <summary>A step gave numbers that training cannot go on from.</summary>
/// <param name="step">The step.</param>
/// <param name="isData">Whether the activations themselves are not finite.</param>
/// <param name="message">The sentence.</param>
internal sealed class DivergenceException(long step, bool isData, string message) : WorkbenchException(message)
{
    public long Step => step;

    public bool IsData => isData;
}
