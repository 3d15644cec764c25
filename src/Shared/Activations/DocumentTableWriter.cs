using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>Writes <c>documents.arrow</c>.</summary>
public sealed class DocumentTableWriter : IDisposable
{
    private static readonly Schema Schema = new Schema.Builder()
        .Field(new Field("document", Int64Type.Default, nullable: false))
        .Field(new Field("name", StringType.Default, nullable: false))
        .Field(new Field("labels", StringType.Default, nullable: false))
        .Field(new Field("split", StringType.Default, nullable: false))
        .Field(new Field("first_sequence", Int64Type.Default, nullable: false))
        .Field(new Field("sequences", Int32Type.Default, nullable: false))
        .Field(new Field(DocumentTable.TextColumn, StringType.Default, nullable: false))
        .Metadata(MappedArrow.FormatKey, DocumentTable.Format)
        .Build();

    private readonly TableOutput _file;
    private readonly List<DocumentEntry> _pending = [];

    /// <summary>A writer into a harvest's folder.</summary>
    /// <param name="folder">The harvest's folder.</param>
    /// <param name="open">Opens the file; by default a plain file stream.</param>
    public DocumentTableWriter(string folder, FileOpener? open = null)
    {
        _file = new TableOutput(Path.Combine(folder, DocumentTable.FileName), Schema, Take, open);
    }

    /// <summary>Documents added so far.</summary>
    public long Count => _file.Count;

    /// <summary>Adds the next document.</summary>
    /// <param name="document">The document.</param>
    public void Add(DocumentEntry document)
    {
        _pending.Add(document);
        _file.Added(document.Text.Length);
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
        var batch = new RecordBatch(
            Schema,
            [
                ArrowColumns.Int64(_pending.Select(document => document.Id).ToArray()),
                ArrowColumns.Text([.. _pending.Select(document => document.Name)]),
                ArrowColumns.Text([.. _pending.Select(document => JsonSerializer.Serialize(document.Labels, WorkbenchJson.Compact))]),
                ArrowColumns.Text([.. _pending.Select(document => document.Split)]),
                ArrowColumns.Int64(_pending.Select(document => document.FirstSequence).ToArray()),
                ArrowColumns.Int32(_pending.Select(document => document.Sequences).ToArray()),
                ArrowColumns.Text([.. _pending.Select(document => document.Text)]),
            ],
            _pending.Count);
        _pending.Clear();
        return batch;
    }
}
