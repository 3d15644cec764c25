namespace Workbench.Models;

/// <summary>
/// LongRoPE (Ding et al. 2024, arXiv:2402.13753; <c>longrope</c>): a divisor for each frequency, and other ones for texts that are longer
/// than the context of the first training. Files of GGUF carry Llama 3's bands in this form too.
/// </summary>
/// <param name="ShortDivisors">Divisors, half the rotated width of them.</param>
/// <param name="LongDivisors">Those for texts longer than <paramref name="OriginalContext"/>.</param>
/// <param name="OriginalContext">Context length of the first training, in tokens.</param>
/// <param name="Attention">Factor of cosines and sines; see <see cref="DefaultAttentionFactor"/>.</param>
public sealed record LongRopeScaling(IReadOnlyList<double> ShortDivisors, IReadOnlyList<double> LongDivisors, int OriginalContext, double Attention)
    : RopeScaling
{
    /// <inheritdoc/>
    public override double AttentionFactor => Attention;

    /// <inheritdoc/>
    public override int LongestShortText => OriginalContext;

    /// <summary>sqrt(1 + ln(factor) / ln(original)), and 1 where the factor is at most 1.</summary>
    /// <param name="factor">Whole context over the original one.</param>
    /// <param name="originalContext">Context length of the first training, in tokens.</param>
    public static double DefaultAttentionFactor(double factor, int originalContext)
    {
        return factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(originalContext)));
    }

    /// <inheritdoc/>
    public override double[] Frequencies(double[] unscaled, RopeSettings settings, bool longText)
    {
        IReadOnlyList<double> divisors = longText ? LongDivisors : ShortDivisors;
        return [.. unscaled.Select((frequency, i) => frequency / divisors[i])];
    }

    /// <summary>Whether two say the same, divisor by divisor.</summary>
    public bool Equals(LongRopeScaling? other)
    {
        return other is not null && OriginalContext == other.OriginalContext && Attention == other.Attention
            && ShortDivisors.SequenceEqual(other.ShortDivisors) && LongDivisors.SequenceEqual(other.LongDivisors);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        return HashCode.Combine(OriginalContext, Attention, ShortDivisors.Count);
    }
}
