using Workbench.Activations;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>
/// Writes rows that did not come from a pass over windows of text as an ordinary harvest: shards, sequences, documents, statistics
/// and last the manifest. A sequence is what belongs to one document; of its tokens the last ones have a row.
/// </summary>
internal sealed class VectorHarvest : IDisposable
{
    private const string Split = "train";

    private readonly RunFolder _folder;
    private readonly HarvestInfo _template;
    private readonly ShardWriter _shards;
    private readonly SequenceTableWriter _sequences;
    private readonly DocumentTableWriter _documents;
    private readonly List<HarvestShard> _finished = [];
    private long _rows;

    /// <param name="folder">The run's folder, started and locked.</param>
    /// <param name="template">The manifest to be, but for counts and shards; it has one hook.</param>
    public VectorHarvest(RunFolder folder, HarvestInfo template)
    {
        _folder = folder;
        _template = template;
        HarvestHook hook = template.Hooks[0];
        var header = new ShardHeader(template.Model, template.ModelHash, hook.Name, hook.Width, template.TokenizerHash, template.Bos, template.Context, template.Id);
        _shards = new ShardWriter(folder.Path, header, ShardLayout.For(null, hook.Width, template.DType), template.DType);
        _sequences = new SequenceTableWriter(folder.Path);
        _documents = new DocumentTableWriter(folder.Path);
    }

    /// <summary>Adds a document of one sequence.</summary>
    /// <param name="document">Its name, text and labels; its id is given here.</param>
    /// <param name="tokens">All its tokens.</param>
    /// <param name="values">The rows of the last of them, row-major.</param>
    public void Add(Document document, int[] tokens, ReadOnlySpan<float> values)
    {
        int rows = values.Length / _template.Hooks[0].Width;
        int keptFrom = tokens.Length - rows;
        long id = _sequences.Count;
        _sequences.Add(id, tokens, _rows, keptFrom);
        _documents.Add(new DocumentEntry(id, document.Name, document.Labels, Split, id, 1, document.Text));
        int[] positions = [.. Enumerable.Range(keptFrom, rows)];
        long[] ids = new long[rows];
        Array.Fill(ids, id);
        for (int done = 0; done < rows;)
        {
            int count = Math.Min(rows - done, _shards.Room);
            _shards.Append(new ActivationRows(values, tokens.AsSpan(keptFrom), ids, ids, positions).Slice(done, count));
            done += count;
            if (_shards.Room == 0)
            {
                FinishShard();
            }
        }

        _rows += rows;
    }

    /// <summary>Completes the harvest.</summary>
    public HarvestInfo Complete(ProgressReporter progress, CancellationToken cancellation)
    {
        FinishShard();
        if (_rows == 0)
        {
            throw new WorkbenchException($"Harvest {_template.Id} would have no row; use another source.");
        }

        long documents = _documents.Count;
        _sequences.Complete();
        _documents.Complete();
        HarvestHook hook = _template.Hooks[0];
        using ActivationStore store = ActivationStore.Open([.. _finished.Select(shard => _folder.ResultsPath(shard.File))]);
        ActivationStatistics statistics = ActivationStatistics.Of(
            hook.Name, store, done => progress.Report("statistics", done, _rows, "rows", hook.Name), cancellation);
        AtomicFile.WriteJson(_folder.ResultsPath(HarvestStatistics.FileName), new HarvestStatistics(HarvestStatistics.CurrentFormatVersion, [statistics]));
        HarvestInfo info = _template with { Rows = _rows, Sequences = documents, Documents = documents, Shards = _finished };
        AtomicFile.WriteJson(_folder.ResultsPath(HarvestInfo.FileName), info);
        return info;
    }

    public void Dispose()
    {
        _shards.Dispose();
        _sequences.Dispose();
        _documents.Dispose();
    }

    private void FinishShard()
    {
        if (_shards.FinishShard() is { } shard)
        {
            _finished.Add(shard);
        }
    }
}
