namespace Workbench.Models;

/// <summary>Every frequency divided by a factor, that is, positions squeezed by it (<c>linear</c>).</summary>
/// <param name="Factor">The divisor.</param>
public sealed record LinearRopeScaling(double Factor) : RopeScaling
{
    /// <inheritdoc/>
    public override double[] Frequencies(double[] unscaled, RopeSettings settings, bool longText)
    {
        return Array.ConvertAll(unscaled, frequency => frequency / Factor);
    }
}
