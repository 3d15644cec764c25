namespace Workbench.Features;

/// <summary>The columns of <c>features.arrow</c> while an index is made: one entry, or one run of entries, a latent.</summary>
public sealed class FeatureColumns
{
    /// <summary>Columns of an index, all zero and with no token or neighbour named.</summary>
    /// <param name="info">The sizes.</param>
    public FeatureColumns(FeatureIndexInfo info)
    {
        int n = info.Latents;
        FireCount = new long[n];
        SequenceCount = new long[n];
        Max = new float[n];
        Sum = new double[n];
        SumSquares = new double[n];
        DecoderNorm = new float[n];
        TopToken = new int[n];
        Histogram = new long[n * info.HistogramBins];
        IntervalSequences = new long[n * info.Intervals];
        TopLogitIds = new int[n * info.Logits];
        TopLogitValues = new float[n * info.Logits];
        BottomLogitIds = new int[n * info.Logits];
        BottomLogitValues = new float[n * info.Logits];
        NeighbourLatents = new int[n * info.Neighbours];
        NeighbourCosines = new float[n * info.Neighbours];
        DirectionNorms = new float[n * info.DirectionHooks];
        HookFireCount = new long[n * info.CountedHooks];
        Array.Fill(TopToken, -1);
        Array.Fill(TopLogitIds, -1);
        Array.Fill(BottomLogitIds, -1);
        Array.Fill(NeighbourLatents, -1);
    }

    /// <summary>Rows at which the latent is on.</summary>
    public long[] FireCount { get; }

    /// <summary>Sequences in which it is on at least once.</summary>
    public long[] SequenceCount { get; }

    /// <summary>Largest activation.</summary>
    public float[] Max { get; }

    /// <summary>Sum of activations.</summary>
    public double[] Sum { get; }

    /// <summary>Sum of squared activations.</summary>
    public double[] SumSquares { get; }

    /// <summary>Euclidean norm of the decoder row.</summary>
    public float[] DecoderNorm { get; }

    /// <summary>Token most common at the peaks of the top examples, or -1.</summary>
    public int[] TopToken { get; }

    /// <summary>Tokens a bin, [latents, bins].</summary>
    public long[] Histogram { get; }

    /// <summary>Sequences by the interval of their peak, [latents, intervals].</summary>
    public long[] IntervalSequences { get; }

    /// <summary>Tokens of the largest logit effects, descending, [latents, logits]; -1 beyond the last.</summary>
    public int[] TopLogitIds { get; }

    /// <summary>The largest logit effects, [latents, logits].</summary>
    public float[] TopLogitValues { get; }

    /// <summary>Tokens of the smallest logit effects, ascending, [latents, logits]; -1 beyond the last.</summary>
    public int[] BottomLogitIds { get; }

    /// <summary>The smallest logit effects, [latents, logits].</summary>
    public float[] BottomLogitValues { get; }

    /// <summary>Nearest decoder rows by falling cosine, [latents, neighbours]; -1 beyond the last.</summary>
    public int[] NeighbourLatents { get; }

    /// <summary>Their cosines, [latents, neighbours].</summary>
    public float[] NeighbourCosines { get; }

    /// <summary>Norm of the latent's direction at each hook point, [latents, hooks]; empty where there is one direction.</summary>
    public float[] DirectionNorms { get; }

    /// <summary>Rows of each hook point at which the latent is on, [latents, hooks]; empty where there is one row a token.</summary>
    public long[] HookFireCount { get; }
}
