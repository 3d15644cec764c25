namespace Workbench.Activations;

/// <summary>Some consecutive rows on their way into a shard.</summary>
/// <param name="values">Activations, float32, row-major [rows, width].</param>
/// <param name="tokenIds">The token at each row.</param>
/// <param name="documents">The document of each row.</param>
/// <param name="sequences">The sequence of each row.</param>
/// <param name="positions">The position of each row within its sequence.</param>
public readonly ref struct ActivationRows(
    ReadOnlySpan<float> values,
    ReadOnlySpan<int> tokenIds,
    ReadOnlySpan<long> documents,
    ReadOnlySpan<long> sequences,
    ReadOnlySpan<int> positions)
{
    /// <summary>The number of rows.</summary>
    public int Count => TokenIds.Length;

    /// <summary>Activations, float32, row-major [rows, width].</summary>
    public ReadOnlySpan<float> Values { get; } = values;

    /// <summary>The token at each row.</summary>
    public ReadOnlySpan<int> TokenIds { get; } = tokenIds;

    /// <summary>The document of each row.</summary>
    public ReadOnlySpan<long> Documents { get; } = documents;

    /// <summary>The sequence of each row.</summary>
    public ReadOnlySpan<long> Sequences { get; } = sequences;

    /// <summary>The position of each row within its sequence.</summary>
    public ReadOnlySpan<int> Positions { get; } = positions;

    /// <summary>A part of these rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">The number of rows.</param>
    public ActivationRows Slice(int start, int count)
    {
        int width = Count == 0 ? 0 : Values.Length / Count;
        return new ActivationRows(
            Values.Slice(start * width, count * width),
            TokenIds.Slice(start, count),
            Documents.Slice(start, count),
            Sequences.Slice(start, count),
            Positions.Slice(start, count));
    }
}
