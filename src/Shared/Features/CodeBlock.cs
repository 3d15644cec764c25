using Apache.Arrow;
using Workbench.Activations;

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

    /// <exception cref="WorkbenchException">The block claims more than it has, or its latents are not what they should be.</exception>
    internal CodeBlock(IndexedArrow file, RecordBatch batch, int latents)
    {
        ArrowValues columns = file.Values;
        _batch = batch;
        _tokenIds = columns.Column<Int32Array>(batch, "token_id");
        _sequences = columns.Column<Int64Array>(batch, "sequence");
        _positions = columns.Column<Int32Array>(batch, "position");
        _lists = columns.Column<ListArray>(batch, "latents");
        ListArray values = columns.Column<ListArray>(batch, "values");
        _latents = columns.Items<Int32Array>(_lists.Values, "latents");
        _values = columns.Items<FloatArray>(values.Values, "values");
        _ = columns.Numbers(_tokenIds, "token_id").Length + columns.Numbers(_sequences, "sequence").Length
            + columns.Numbers(_positions, "position").Length + columns.Numbers(_latents, "latents").Length + columns.Numbers(_values, "values").Length;
        if (!columns.Offsets(_lists, "latents").SequenceEqual(columns.Offsets(values, "values")))
        {
            throw MappedArrow.Damaged(file.Path, "its latents and their values are not of one length", null);
        }

        if (FirstMisplaced(latents) is { } row)
        {
            throw MappedArrow.Damaged(file.Path, $"the latents of row {row} of a block do not ascend from 0 to {latents - 1}", null);
        }
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

    private int? FirstMisplaced(int latents)
    {
        ReadOnlySpan<int> offsets = Offsets;
        ReadOnlySpan<int> entries = Latents;
        for (int row = 0; row < Rows; row++)
        {
            int last = -1;
            foreach (int latent in entries[offsets[row]..offsets[row + 1]])
            {
                if (latent <= last)
                {
                    return row;
                }

                last = latent;
            }

            if (last >= latents)
            {
                return row;
            }
        }

        return null;
    }
}
