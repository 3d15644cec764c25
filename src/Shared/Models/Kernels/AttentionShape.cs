namespace Workbench.Models.Kernels;

/// <summary>Sizes of an attention over whole sequences.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Length">Positions of each.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Groups">Key-value heads; a divisor of <paramref name="Heads"/>.</param>
/// <param name="HeadDim">Width of a head.</param>
internal readonly record struct AttentionShape(int Batch, int Length, int Heads, int Groups, int HeadDim)
{
    /// <summary>Factor of the products of queries and keys.</summary>
    public float Scale { get; init; } = 1 / MathF.Sqrt(HeadDim);

    /// <summary>Numbers in a row of queries, keys and values.</summary>
    public int RowWidth => (Heads + (2 * Groups)) * HeadDim;

    /// <summary>Positions rounded up to whole chunks of keys.</summary>
    public int PaddedLength => (Length + AttentionTiles.KeyChunk - 1) / AttentionTiles.KeyChunk * AttentionTiles.KeyChunk;
}
