using Apache.Arrow;

namespace Workbench.Activations;

/// <summary>
/// The sequences of a harvest, by memory map: each is one window of one document, exactly as the model saw it. They are
/// numbered from 0 in the order of text.
/// </summary>
public sealed class SequenceTable : IDisposable
{
    internal const string FileName = "sequences.arrow";
    internal const string Format = "sequences-1";

    private readonly MappedArrow _file;
    private readonly Batch[] _batches;
    private readonly long[] _firsts;

    private SequenceTable(MappedArrow file)
    {
        _file = file;
        long first = 0;
        var batches = new List<Batch>();
        foreach (RecordBatch batch in file.Batches)
        {
            batches.Add(Batch.Of(file, batch, first));
            first += batch.Length;
        }

        Count = first;
        _batches = [.. batches];
        _firsts = [.. batches.Select(batch => batch.First)];
    }

    /// <summary>The number of sequences.</summary>
    public long Count { get; }

    /// <summary>Opens a harvest's <c>sequences.arrow</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WorkbenchException">It is absent or damaged.</exception>
    public static SequenceTable Open(string path)
    {
        MappedArrow file = MappedArrow.Open(path, Format);
        try
        {
            return new SequenceTable(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The document that a sequence is a window of.</summary>
    /// <param name="sequence">The sequence.</param>
    public long Document(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        return batch.Documents.Values[at];
    }

    /// <summary>All tokens that the model saw, BOS and excluded leading positions included; valid until the table is disposed.</summary>
    /// <param name="sequence">The sequence.</param>
    public ReadOnlySpan<int> Tokens(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        int start = batch.Lists.ValueOffsets[at];
        int end = batch.Lists.ValueOffsets[at + 1];
        return start >= 0 && start <= end && end <= batch.Tokens.Length
            ? batch.Tokens.Values[start..end]
            : throw MappedArrow.Damaged(_file.Path, $"'tokens' of sequence {sequence} lie at {start} to {end} of {batch.Tokens.Length}", null);
    }

    /// <summary>The row of the sequence's first kept position.</summary>
    /// <param name="sequence">The sequence.</param>
    public long FirstRow(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        return batch.FirstRows.Values[at];
    }

    /// <summary>The first kept position; the rows are those of positions from here to the last.</summary>
    /// <param name="sequence">The sequence.</param>
    public int KeptFrom(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        int kept = batch.KeptFrom.Values[at];
        return kept >= 0 && kept <= Tokens(sequence).Length
            ? kept
            : throw MappedArrow.Damaged(_file.Path, $"'kept_from' of sequence {sequence} is {kept}, with {Tokens(sequence).Length} tokens", null);
    }

    /// <summary>The number of rows of a sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public int Rows(long sequence)
    {
        return Tokens(sequence).Length - KeptFrom(sequence);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
    }

    private Batch Find(long sequence, out int at)
    {
        if ((ulong)sequence >= (ulong)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"the harvest has {Count} sequences");
        }

        int found = System.Array.BinarySearch(_firsts, sequence);
        Batch batch = _batches[found >= 0 ? found : ~found - 1];
        at = (int)(sequence - batch.First);
        return batch;
    }

    private sealed record Batch(
        long First, Int64Array Documents, ListArray Lists, Int32Array Tokens, Int64Array FirstRows, Int32Array KeptFrom)
    {
        public static Batch Of(MappedArrow file, RecordBatch batch, long first)
        {
            ListArray tokens = file.Column<ListArray>(batch, "tokens");
            Int32Array numbers = tokens.Values as Int32Array
                ?? throw MappedArrow.Damaged(file.Path, "column 'tokens' is not List<int32>", null);
            if (tokens.ValueOffsetsBuffer.Length < sizeof(int) * ((long)tokens.Length + 1))
            {
                throw MappedArrow.Damaged(file.Path, $"column 'tokens' has {tokens.ValueOffsetsBuffer.Length} bytes of offsets for {tokens.Length} lists", null);
            }

            _ = file.Values(numbers, "tokens");
            return new Batch(
                first,
                Checked<Int64Array, long>(file, batch, "document"),
                tokens,
                numbers,
                Checked<Int64Array, long>(file, batch, "first_row"),
                Checked<Int32Array, int>(file, batch, "kept_from"));
        }

        private static TArray Checked<TArray, T>(MappedArrow file, RecordBatch batch, string name)
            where TArray : PrimitiveArray<T>
            where T : struct, IEquatable<T>
        {
            TArray array = file.Column<TArray>(batch, name);
            _ = file.Values(array, name);
            return array;
        }
    }
}
