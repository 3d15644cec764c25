namespace Workbench.Features;

/// <summary>How the activations of one latent spread over bins of equal width on (0, maximum], zeros left out.</summary>
/// <param name="Maximum">The upper end of the last bin; 0 where the latent never fires.</param>
/// <param name="Counts">Tokens in each bin; bin i is (i w, (i + 1) w] with w the maximum over the number of bins.</param>
public sealed record Histogram(float Maximum, IReadOnlyList<long> Counts)
{
    /// <summary>The width of a bin.</summary>
    public double BinWidth => Counts.Count == 0 ? 0 : (double)Maximum / Counts.Count;

    /// <summary>The tokens of all bins.</summary>
    public long Total => Counts.Sum();

    /// <summary>The bin of a positive value that is at most <paramref name="maximum"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="maximum">The upper end of the last bin.</param>
    /// <param name="bins">The number of bins.</param>
    public static int Bin(float value, float maximum, int bins)
    {
        return Math.Clamp((int)Math.Ceiling((double)value / maximum * bins) - 1, 0, bins - 1);
    }
}
