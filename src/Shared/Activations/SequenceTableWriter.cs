using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>Writes <c>sequences.arrow</c>.</summary>
public sealed class SequenceTableWriter : IDisposable
{
    private static readonly Schema Schema = new Schema.Builder()
        .Field(new Field("sequence", Int64Type.Default, nullable: false))
        .Field(new Field("document", Int64Type.Default, nullable: false))
        .Field(new Field("tokens", new ListType(new Field("item", Int32Type.Default, nullable: false)), nullable: false))
        .Field(new Field("first_row", Int64Type.Default, nullable: false))
        .Field(new Field("kept_from", Int32Type.Default, nullable: false))
        .Metadata(MappedArrow.FormatKey, SequenceTable.Format)
        .Build();

    private readonly TableOutput _file;
    private readonly List<long> _documents = [];
    private readonly List<int> _offsets = [0];
    private readonly List<int> _tokens = [];
    private readonly List<long> _firstRows = [];
    private readonly List<int> _keptFrom = [];

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
    /// <param name="document">Its document.</param>
    /// <param name="tokens">All tokens that the model saw.</param>
    /// <param name="firstRow">The row of the first kept position.</param>
    /// <param name="keptFrom">The first kept position.</param>
    public void Add(long document, ReadOnlySpan<int> tokens, long firstRow, int keptFrom)
    {
        _documents.Add(document);
        _tokens.AddRange(tokens);
        _offsets.Add(_tokens.Count);
        _firstRows.Add(firstRow);
        _keptFrom.Add(keptFrom);
        _file.Added();
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

    private RecordBatch Take(long first)
    {
        int count = _documents.Count;
        var items = new Int32Array(ArrowColumns.Buffer(_tokens), ArrowBuffer.Empty, _tokens.Count, 0, 0);
        var list = new ListArray(
            Schema.GetFieldByName("tokens").DataType, count, ArrowColumns.Buffer(_offsets), items, ArrowBuffer.Empty, 0, 0);
        var batch = new RecordBatch(
            Schema,
            [
                ArrowColumns.Int64([.. Enumerable.Range(0, count).Select(i => first + i)]),
                ArrowColumns.Int64(_documents),
                list,
                ArrowColumns.Int64(_firstRows),
                ArrowColumns.Int32(_keptFrom),
            ],
            count);
        _documents.Clear();
        _tokens.Clear();
        _offsets.Clear();
        _offsets.Add(0);
        _firstRows.Clear();
        _keptFrom.Clear();
        return batch;
    }
}
