namespace Workbench.Features;

/// <summary>What one latent does over the tokens analysed.</summary>
/// <param name="Latent">The latent.</param>
/// <param name="FireCount">Rows at which it is on, exactly: tokens, or tokens at each hook point where each is encoded by itself.</param>
/// <param name="TokenCount">Rows analysed, exactly.</param>
/// <param name="SequenceCount">Sequences in which it is on at least once.</param>
/// <param name="Max">Its largest activation; 0 where it never fires.</param>
/// <param name="Sum">The sum of its activations.</param>
/// <param name="SumSquares">The sum of their squares.</param>
/// <param name="DecoderNorm">The Euclidean norm of its decoder row as stored.</param>
/// <param name="TopToken">The token most common at the peaks of its top examples; -1 where it never fires.</param>
/// <param name="Flags">What stands out about it.</param>
public readonly record struct FeatureStatistics(
    int Latent,
    long FireCount,
    long TokenCount,
    long SequenceCount,
    float Max,
    double Sum,
    double SumSquares,
    float DecoderNorm,
    int TopToken,
    FeatureFlags Flags)
{
    /// <summary>The share of tokens at which it is on.</summary>
    public double Density => TokenCount == 0 ? 0 : (double)FireCount / TokenCount;

    /// <summary>The mean over the tokens at which it is on; 0 where it never fires.</summary>
    public double MeanActive => FireCount == 0 ? 0 : Sum / FireCount;

    /// <summary>The standard deviation over the tokens at which it is on.</summary>
    public double DeviationActive =>
        FireCount == 0 ? 0 : Math.Sqrt(Math.Max(0, (SumSquares / FireCount) - (MeanActive * MeanActive)));
}
