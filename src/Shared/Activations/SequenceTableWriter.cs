using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>Writes <c>sequences.arrow</c>.</summary>
public sealed class SequenceTableWriter : IDisposable
{
    private static readonly Schema Schema = new Schema.Builder()
        .Field(new Field("sequence", Int64Type.Default, nullable: false))
        .Field(ListOf(SequenceTable.TokensColumn, Int32Type.Default))
        .Field(new Field(SequenceTable.FirstRowColumn, Int64Type.Default, nullable: false))
        .Field(ListOf(SequenceTable.KeptColumn, Int32Type.Default))
        .Field(ListOf(SequenceTable.DocumentsColumn, Int64Type.Default))
        .Field(ListOf(SequenceTable.StartsColumn, Int32Type.Default))
        .Metadata(MappedArrow.FormatKey, SequenceTable.Format)
        .Build();

    private readonly TableOutput _file;
    private readonly List<long> _firstRows = [];
    private readonly ListBuilder<int> _tokens = new(ArrowColumns.Int32);
    private readonly ListBuilder<int> _kept = new(ArrowColumns.Int32);
    private readonly ListBuilder<long> _documents = new(ArrowColumns.Int64);
    private readonly ListBuilder<int> _starts = new(ArrowColumns.Int32);

    /// <summary>A writer into a harvest's folder.</summary>
    /// <param name="folder">The harvest's folder.</param>
    /// <param name="open">Opens the file; by default a plain file stream.</param>
    public SequenceTableWriter(string folder, FileOpener? open = null)
    {
        _file = new TableOutput(Path.Combine(folder, SequenceTable.FileName), Schema, Take, open);
    }

    /// <summary>Sequences added so far, which is the number of the next one.</summary>
    public long Count => _file.Count;

    /// <summary>Adds the next sequence.</summary>
    /// <param name="parts">Its documents, the first from position 0.</param>
    /// <param name="tokens">All tokens that the model saw.</param>
    /// <param name="firstRow">The row of the first kept position.</param>
    /// <param name="kept">The positions that have a row, rising.</param>
    public void Add(ReadOnlySpan<SequencePart> parts, ReadOnlySpan<int> tokens, long firstRow, ReadOnlySpan<int> kept)
    {
        long[] documents = new long[parts.Length];
        int[] starts = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            (documents[i], starts[i]) = (parts[i].Document, parts[i].Start);
        }

        _tokens.Add(tokens);
        _firstRows.Add(firstRow);
        _kept.Add(kept);
        _documents.Add(documents);
        _starts.Add(starts);
        _file.Added(tokens.Length);
    }

    /// <summary>Adds the next sequence, a window of one document whose last positions have rows.</summary>
    /// <param name="document">Its document.</param>
    /// <param name="tokens">All tokens that the model saw.</param>
    /// <param name="firstRow">The row of the first kept position.</param>
    /// <param name="keptFrom">The first kept position.</param>
    public void Add(long document, ReadOnlySpan<int> tokens, long firstRow, int keptFrom)
    {
        Add([new SequencePart(document, 0)], tokens, firstRow, [.. Enumerable.Range(keptFrom, tokens.Length - keptFrom)]);
    }

    /// <summary>Completes the file.</summary>
    /// <exception cref="WorkbenchException">The disk refuses.</exception>
    public void Complete()
    {
        _file.Complete();
    }

    /// <summary>Throws an incomplete file away.</summary>
    public void Dispose()
    {
        _file.Dispose();
    }

    private static Field ListOf(string name, IArrowType items)
    {
        return new Field(name, new ListType(new Field("item", items, nullable: false)), nullable: false);
    }

    private RecordBatch Take(long first)
    {
        int count = _firstRows.Count;
        IArrowArray[] columns =
        [
            ArrowColumns.Int64(Enumerable.Range(0, count).Select(i => first + i).ToArray()),
            _tokens.Take(TypeOf(SequenceTable.TokensColumn)),
            ArrowColumns.Int64(_firstRows),
            _kept.Take(TypeOf(SequenceTable.KeptColumn)),
            _documents.Take(TypeOf(SequenceTable.DocumentsColumn)),
            _starts.Take(TypeOf(SequenceTable.StartsColumn)),
        ];
        _firstRows.Clear();
        return new RecordBatch(Schema, columns, count);
    }

    private static IArrowType TypeOf(string column)
    {
        return Schema.GetFieldByName(column).DataType;
    }
}
