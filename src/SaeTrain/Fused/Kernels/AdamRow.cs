namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>A row of weights and the same row of its moments.</summary>
internal unsafe struct AdamRow
{
    public float* Weights;

    public float* FirstMoment;

    public float* SecondMoment;

    /// <summary>The row that begins so many elements later.</summary>
    public readonly AdamRow At(long offset)
    {
        return new AdamRow { Weights = Weights + offset, FirstMoment = FirstMoment + offset, SecondMoment = SecondMoment + offset };
    }

    /// <summary>Asks for the row ahead of its use.</summary>
    public readonly void Expect(int width)
    {
        Prefetch.Row(Weights, width);
        Prefetch.Row(FirstMoment, width);
        Prefetch.Row(SecondMoment, width);
    }
}
