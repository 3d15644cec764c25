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
            ListArray tokens = file.Column<ListArray>(batch, "tokens");
            batches.Add(new Batch(
                first,
                file.Column<Int64Array>(batch, "document"),
                tokens,
                tokens.Values as Int32Array ?? throw new WorkbenchException($"{file.Path} has a column 'tokens' that is not List<int32>; harvest again."),
                file.Column<Int64Array>(batch, "first_row"),
                file.Column<Int32Array>(batch, "kept_from")));
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
        return batch.Tokens.Values[start..batch.Lists.ValueOffsets[at + 1]];
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
        return batch.KeptFrom.Values[at];
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
        long First, Int64Array Documents, ListArray Lists, Int32Array Tokens, Int64Array FirstRows, Int32Array KeptFrom);
}
