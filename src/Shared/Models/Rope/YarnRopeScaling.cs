namespace Workbench.Models;

/// <summary>
/// YaRN (Peng et al. 2023, arXiv:2309.00071; <c>yarn</c>): frequencies that turn often within the original context are left alone, those
/// that turn seldom are divided by the factor, and between the two a ramp over the index of the frequency blends them. The index at which
/// a frequency turns r times is width ln(original / (2 pi r)) / (2 ln base).
/// </summary>
/// <param name="Factor">Divisor of slow frequencies.</param>
/// <param name="OriginalContext">Context length of the first training, in tokens.</param>
public sealed record YarnRopeScaling(double Factor, int OriginalContext) : RopeScaling
{
    /// <summary>Turns within the original context from which on a frequency is left alone.</summary>
    public double FastTurns { get; init; } = 32;

    /// <summary>Turns below which a frequency is divided in full.</summary>
    public double SlowTurns { get; init; } = 1;

    /// <summary>Whether the ends of the ramp are moved outwards to whole indices.</summary>
    public bool RoundsRamp { get; init; } = true;

    /// <summary>Factor of cosines and sines; see <see cref="DefaultAttentionFactor"/>.</summary>
    public required double Attention { get; init; }

    /// <inheritdoc/>
    public override double AttentionFactor => Attention;

    /// <summary>0.1 m ln(factor) + 1, and 1 where the factor is at most 1.</summary>
    /// <param name="factor">The divisor.</param>
    /// <param name="m">Multiple of the logarithm.</param>
    public static double DefaultAttentionFactor(double factor, double m = 1)
    {
        return factor <= 1 ? 1 : (0.1 * m * Math.Log(factor)) + 1;
    }

    /// <inheritdoc/>
    public override double[] Frequencies(double[] unscaled, RopeSettings settings, bool longText)
    {
        int width = 2 * unscaled.Length;
        double first = Index(FastTurns, width, settings.Base);
        double last = Index(SlowTurns, width, settings.Base);
        first = Math.Max(RoundsRamp ? Math.Floor(first) : first, 0);
        last = Math.Min(RoundsRamp ? Math.Ceiling(last) : last, width - 1);

        // The reference widens an empty ramp by this much.
        double length = first == last ? 0.001 : last - first;
        return [.. unscaled.Select((frequency, i) =>
        {
            double divided = Math.Clamp((i - first) / length, 0, 1);
            return (divided * frequency / Factor) + ((1 - divided) * frequency);
        })];
    }

    private double Index(double turns, int width, double theta)
    {
        return width * Math.Log(OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }
}
