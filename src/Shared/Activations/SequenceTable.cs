using Apache.Arrow;

namespace Workbench.Activations;

/// <summary>
/// The sequences of a harvest, by memory map: each is one window of text exactly as the model saw it, with the positions that have
/// a row. They are numbered from 0 in the order of text.
/// </summary>
public sealed class SequenceTable : IDisposable
{
    internal const string FileName = "sequences.arrow";
    internal const string Format = "sequences-2";
    internal const string TokensColumn = "tokens";
    internal const string FirstRowColumn = "first_row";
    internal const string KeptColumn = "kept";
    internal const string DocumentsColumn = "documents";
    internal const string StartsColumn = "starts";

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
    /// <exception cref="WorkbenchException">It is absent, damaged or of another version.</exception>
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

    /// <summary>All tokens that the model saw, whether or not a row was kept of them; valid until the table is disposed.</summary>
    /// <param name="sequence">The sequence.</param>
    public ReadOnlySpan<int> Tokens(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        return batch.Tokens[at];
    }

    /// <summary>The row of the sequence's first kept position.</summary>
    /// <param name="sequence">The sequence.</param>
    public long FirstRow(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        return batch.FirstRows.Values[at];
    }

    /// <summary>The positions that have a row, rising; their rows follow each other from <see cref="FirstRow"/>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    public ReadOnlySpan<int> Kept(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        ReadOnlySpan<int> kept = batch.Kept[at];
        int before = -1;
        foreach (int position in kept)
        {
            if (position <= before)
            {
                throw Damaged(KeptColumn, sequence, $"do not rise from 0: {before} is followed by {position}");
            }

            before = position;
        }

        int length = batch.Tokens[at].Length;
        return before < length ? kept : throw Damaged(KeptColumn, sequence, $"reach {before}, with {length} tokens");
    }

    /// <summary>The number of rows of a sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public int Rows(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        return batch.Kept[at].Length;
    }

    /// <summary>The documents that a sequence holds text of, in order; the first part starts at 0.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    public SequencePart[] Parts(long sequence)
    {
        Batch batch = Find(sequence, out int at);
        ReadOnlySpan<long> documents = batch.Documents[at];
        ReadOnlySpan<int> starts = batch.Starts[at];
        if (documents.Length == 0 || starts.Length != documents.Length || starts[0] != 0)
        {
            throw Damaged(StartsColumn, sequence, $"are {starts.Length} with {documents.Length} documents; expected as many, the first 0");
        }

        var parts = new SequencePart[documents.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new SequencePart(documents[i], starts[i]);
        }

        return parts;
    }

    /// <summary>The document that a position belongs to.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="position">The position.</param>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    public long Document(long sequence, int position)
    {
        return System.Array.FindLast(Parts(sequence), part => part.Start <= position).Document;
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

    private WorkbenchException Damaged(string column, long sequence, string detail)
    {
        return MappedArrow.Damaged(_file.Path, $"'{column}' of sequence {sequence} {detail}", null);
    }

    private sealed record Batch(
        long First,
        ListColumn<int> Tokens,
        Int64Array FirstRows,
        ListColumn<int> Kept,
        ListColumn<long> Documents,
        ListColumn<int> Starts)
    {
        public static Batch Of(MappedArrow file, RecordBatch batch, long first)
        {
            Int64Array rows = file.Column<Int64Array>(batch, FirstRowColumn);
            _ = file.Values(rows, FirstRowColumn);
            return new Batch(
                first,
                new ListColumn<int>(file, batch, TokensColumn),
                rows,
                new ListColumn<int>(file, batch, KeptColumn),
                new ListColumn<long>(file, batch, DocumentsColumn),
                new ListColumn<int>(file, batch, StartsColumn));
        }
    }
}
