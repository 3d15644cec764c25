using System.Text.Json;
using Apache.Arrow;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>The documents of a harvest, in the order of text.</summary>
public sealed class DocumentTable : IDisposable
{
    internal const string FileName = "documents.arrow";
    internal const string Format = "documents-1";
    internal const string TextColumn = "text";

    private readonly MappedArrow _file;
    private readonly Dictionary<long, (int Batch, int At)> _places = [];
    private readonly List<long> _ids = [];

    private DocumentTable(MappedArrow file)
    {
        _file = file;
        for (int batch = 0; batch < file.Batches.Count; batch++)
        {
            ReadOnlySpan<long> ids = file.Values<long>(file.Batches[batch], "document");
            for (int at = 0; at < ids.Length; at++)
            {
                _places[ids[at]] = (batch, at);
                _ids.Add(ids[at]);
            }
        }
    }

    /// <summary>The number of documents.</summary>
    public int Count => _ids.Count;

    /// <summary>The documents' ids in the order of text.</summary>
    public IReadOnlyList<long> Ids => _ids;

    /// <summary>Opens a harvest's <c>documents.arrow</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WorkbenchException">It is absent or damaged.</exception>
    public static DocumentTable Open(string path)
    {
        MappedArrow file = MappedArrow.Open(path, Format);
        try
        {
            return new DocumentTable(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A document, or null where the harvest has none of that id.</summary>
    /// <param name="id">The document's id.</param>
    public DocumentEntry? Find(long id)
    {
        if (!_places.TryGetValue(id, out (int Batch, int At) place))
        {
            return null;
        }

        RecordBatch batch = _file.Batches[place.Batch];
        string labels = _file.Text(batch, "labels", place.At);
        return new DocumentEntry(
            id,
            _file.Text(batch, "name", place.At),
            Labels(labels, id),
            _file.Text(batch, "split", place.At),
            _file.Values<long>(batch, "first_sequence")[place.At],
            _file.Values<int>(batch, "sequences")[place.At],
            batch.Schema.GetFieldIndex(TextColumn) >= 0 ? _file.Text(batch, TextColumn, place.At) : string.Empty);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
    }

    private Dictionary<string, string> Labels(string json, long document)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json, WorkbenchJson.Compact) ?? [];
        }
        catch (JsonException broken)
        {
            throw MappedArrow.Damaged(_file.Path, $"'labels' of document {document} are not a JSON object of texts", broken);
        }
    }
}
