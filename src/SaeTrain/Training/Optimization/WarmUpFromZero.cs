namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>
/// A constant learning rate that starts at exactly zero, with a linear decay at the end, as dictionary_learning and sparsify count
/// them: the first step changes nothing but moments.
/// </summary>
/// <param name="Rate">The constant rate.</param>
/// <param name="WarmUpSteps">Step i of these w steps has rate i / w.</param>
/// <param name="DecaySteps">Step i of these last w steps has rate (w - i) / w.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal sealed record WarmUpFromZero(double Rate, long WarmUpSteps, long DecaySteps, long TotalSteps) : ILearningRate
{
    public double At(long step)
    {
        return step < WarmUpSteps
            ? Rate * step / WarmUpSteps
            : Rate * (DecaySteps == 0 ? 1 : Math.Min(1, (TotalSteps - step) / (double)DecaySteps));
    }
}
