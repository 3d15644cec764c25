using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>The chosen entries of a batch in the order of its rows.</summary>
internal sealed unsafe class RowEntries : IDisposable
{
    private readonly NativeBuffer<int> _offsets = new();
    private readonly NativeBuffer<int> _latents = new();
    private readonly NativeBuffer<float> _preActivations = new();
    private readonly NativeBuffer<float> _values = new();
    private readonly NativeBuffer<float> _pulls = new();

    /// <summary>Rows of the batch.</summary>
    public int Rows { get; private set; }

    /// <summary>Entries of the batch.</summary>
    public int Count { get; private set; }

    /// <summary>First entry of each row, and the end [rows + 1].</summary>
    public int* Offsets => _offsets.Pointer;

    /// <summary>Latents.</summary>
    public int* Latents => _latents.Pointer;

    /// <summary>Pre-activations.</summary>
    public float* PreActivations => _preActivations.Pointer;

    /// <summary>Factors of the decoder's rows.</summary>
    public float* Values => _values.Pointer;

    /// <summary>Gradients of the pre-activations.</summary>
    public float* Pulls => _pulls.Pointer;

    /// <summary>Takes the entries of the parts, which hold all rows in order.</summary>
    public void Take(IReadOnlyList<EntryPart> parts, int rows)
    {
        int[] starts = new int[parts.Count + 1];
        for (int part = 0; part < parts.Count; part++)
        {
            starts[part + 1] = checked(starts[part] + parts[part].Count);
        }

        (Rows, Count) = (rows, starts[^1]);
        _offsets.Require(rows + 1);
        _latents.Require(Count);
        _preActivations.Require(Count);
        _values.Require(Count);
        _pulls.Require(Count);
        Partition.ForEach(parts.Count, 1, (index, _, _) =>
        {
            EntryPart part = parts[index];
            new ReadOnlySpan<int>(part.Latents, part.Count).CopyTo(new Span<int>(Latents + starts[index], part.Count));
            new ReadOnlySpan<float>(part.PreActivations, part.Count).CopyTo(new Span<float>(PreActivations + starts[index], part.Count));
            for (int row = 0; row < part.Ends.Length; row++)
            {
                Offsets[part.FirstRow + row + 1] = starts[index] + part.Ends[row];
            }
        });
        Offsets[0] = 0;
    }

    /// <summary>The entries of a row.</summary>
    public RowSlice Row(int row)
    {
        int start = Offsets[row];
        return new RowSlice
        {
            Row = row,
            Count = Offsets[row + 1] - start,
            Latents = Latents + start,
            PreActivations = PreActivations + start,
            Values = Values + start,
            Pulls = Pulls + start,
        };
    }

    public void Dispose()
    {
        _offsets.Dispose();
        _latents.Dispose();
        _preActivations.Dispose();
        _values.Dispose();
        _pulls.Dispose();
    }
}
