using Workbench.Activations;
using Workbench.Text.Corpora;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>Writes the documents of successive sequences, each once, with the sequences that hold text of it.</summary>
internal sealed class HarvestedDocuments(string folder, FileOpener? open) : IDisposable
{
    private const string Split = "train";

    private readonly DocumentTableWriter _writer = new(folder, open);
    private Document? _document;
    private long _firstSequence;
    private long _lastSequence;

    public void Add(HarvestSequence sequence)
    {
        foreach (WindowPart part in sequence.Parts)
        {
            if (part.Document.Id != _document?.Id)
            {
                Write();
                _document = part.Document;
                _firstSequence = sequence.Index;
            }

            _lastSequence = sequence.Index;
        }
    }

    /// <summary>Completes the file.</summary>
    /// <returns>The number of documents.</returns>
    public long Complete()
    {
        Write();
        _document = null;
        long count = _writer.Count;
        _writer.Complete();
        return count;
    }

    public void Dispose()
    {
        _writer.Dispose();
    }

    private void Write()
    {
        if (_document is { } document)
        {
            _writer.Add(new DocumentEntry(
                document.Id, document.Name, document.Labels, Split, _firstSequence, (int)(_lastSequence - _firstSequence + 1), document.Text));
        }
    }
}
