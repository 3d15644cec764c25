using Apache.Arrow;

namespace Workbench.Features;

/// <summary>The sparse codes of some whole sequences: compressed sparse rows, one a token.</summary>
public sealed class CodeBlock : IDisposable
{
    private readonly RecordBatch _batch;
    private readonly Int32Array _tokenIds;
    private readonly Int64Array _sequences;
    private readonly Int32Array _positions;
    private readonly ListArray _lists;
    private readonly Int32Array _latents;
    private readonly FloatArray _values;

    internal CodeBlock(IndexedArrow file, RecordBatch batch)
    {
        _batch = batch;
        _tokenIds = file.Column<Int32Array>(batch, "token_id");
        _sequences = file.Column<Int64Array>(batch, "sequence");
        _positions = file.Column<Int32Array>(batch, "position");
        _lists = file.Column<ListArray>(batch, "latents");
        _latents = (Int32Array)_lists.Values;
        _values = (FloatArray)file.Column<ListArray>(batch, "values").Values;
    }

    /// <summary>The number of rows.</summary>
    public int Rows => _batch.Length;

    /// <summary>The token of each row.</summary>
    public ReadOnlySpan<int> TokenIds => _tokenIds.Values;

    /// <summary>The sequence of each row.</summary>
    public ReadOnlySpan<long> Sequences => _sequences.Values;

    /// <summary>The position of each row in its sequence.</summary>
    public ReadOnlySpan<int> Positions => _positions.Values;

    /// <summary>The first entry of each row, and the number of entries at the end.</summary>
    public ReadOnlySpan<int> Offsets => _lists.ValueOffsets;

    /// <summary>The latent of each entry, ascending within a row.</summary>
    public ReadOnlySpan<int> Latents => _latents.Values;

    /// <summary>The value of each entry, never zero.</summary>
    public ReadOnlySpan<float> Values => _values.Values;

    /// <summary>Releases the block's memory.</summary>
    public void Dispose()
    {
        _batch.Dispose();
    }
}
