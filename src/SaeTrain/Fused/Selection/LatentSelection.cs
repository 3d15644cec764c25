using System.Runtime.CompilerServices;
using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>A rule that chooses entries of the encoder product, row by row and then for the batch.</summary>
internal abstract unsafe class LatentSelection
{
    /// <summary>Columns that a part needs room for.</summary>
    public abstract int Scratch { get; }

    /// <summary>Called before the rows of a batch.</summary>
    /// <param name="rows">Rows of the batch.</param>
    public virtual void Begin(int rows)
    {
    }

    /// <summary>Called with the first rows of the product, from which a rule may learn what to expect.</summary>
    public virtual void Preview(in ScannedRow first, int rows, long stride)
    {
    }

    /// <summary>Adds a row's entries to a part; called for different parts at once.</summary>
    public abstract void Choose(in ScannedRow row, EntryPart part);

    /// <summary>Completes the choice over all rows.</summary>
    /// <returns>False where the product has to be gone through once more.</returns>
    public virtual bool Finish(IReadOnlyList<EntryPart> parts)
    {
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static float Score<TElement, TScore>(in ScannedRow row, int column)
        where TElement : IElement
        where TScore : IScore
    {
        return TScore.Of<SingleLane, float>(TElement.Load<SingleLane, float>(row.Product, column), row.Bias, row.Scale, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static float PreActivation<TElement>(in ScannedRow row, int column)
        where TElement : IElement
    {
        return Score<TElement, PlainScore>(row, column);
    }
}
