namespace Workbench.Models;

/// <summary>
/// Llama 3.1's bands of wavelengths (<c>llama3</c>): with w = 2 pi / frequency, unchanged where w is below original / high, divided by
/// the factor where it is above original / low, and a blend of both between, linear in original / w.
/// </summary>
/// <param name="Factor">Divisor of long wavelengths' frequencies.</param>
/// <param name="LowFrequencyFactor">low.</param>
/// <param name="HighFrequencyFactor">high, above low.</param>
/// <param name="OriginalContext">Context length of the first training, in tokens.</param>
public sealed record Llama3RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RopeScaling
{
    /// <inheritdoc/>
    public override double[] Frequencies(double[] unscaled, RopeSettings settings, bool longText)
    {
        return Array.ConvertAll(unscaled, Scale);
    }

    private double Scale(double frequency)
    {
        double turns = OriginalContext * frequency / (2 * Math.PI);
        double blend = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return ((1 - blend) * frequency / Factor) + (blend * frequency);
    }
}
