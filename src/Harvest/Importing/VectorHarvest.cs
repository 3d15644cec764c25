using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>
/// Writes rows that did not come from a pass over windows of text as an ordinary harvest: shards, sequences, documents, statistics
/// and last the manifest. A sequence is what belongs to one document; of its tokens the last ones have a row. Shards that an
/// earlier process completed are kept; everything else is written again, to the same bytes.
/// </summary>
internal sealed class VectorHarvest : IDisposable
{
    private const string Split = "train";

    private readonly RunFolder _folder;
    private readonly HarvestInfo _template;
    private readonly ShardJournal _journal;
    private readonly ShardWriter _shards;
    private readonly SequenceTableWriter _sequences;
    private readonly DocumentTableWriter _documents;
    private readonly FileOpener? _open;
    private long[] _ids = [];
    private int[] _positions = [];
    private long _rows;

    /// <param name="folder">The run's folder, started and locked.</param>
    /// <param name="template">The manifest to be, but for counts and shards; it has one hook.</param>
    /// <param name="shardRows">Rows a shard; null for the default.</param>
    /// <param name="journal">The shards that are complete.</param>
    /// <param name="open">Opens files for writing; null for plain file streams.</param>
    public VectorHarvest(RunFolder folder, HarvestInfo template, int? shardRows, ShardJournal journal, FileOpener? open)
    {
        _folder = folder;
        _template = template;
        _journal = journal;
        _open = open;
        HarvestHook hook = template.Hooks[0];
        var header = new ShardHeader(template.Model, template.ModelHash, hook.Name, hook.Width, template.TokenizerHash, template.Bos, template.Context, template.Id);
        _shards = new ShardWriter(folder.Path, header, ShardLayout.For(shardRows, [hook.Width], template.DType), template.DType, journal.Count, open);
        _sequences = new SequenceTableWriter(folder.Path, open);
        _documents = new DocumentTableWriter(folder.Path, open);
        Kept = journal.Rows;
    }

    /// <summary>Rows of shards that were complete at the start; their values are not needed again.</summary>
    public long Kept { get; }

    /// <summary>Adds a document of one sequence.</summary>
    /// <param name="document">Its name, text and labels; its id is given here.</param>
    /// <param name="tokens">All its tokens.</param>
    /// <param name="rows">How many of the last of them have a row.</param>
    /// <param name="values">Those rows, row-major; may be empty where all of them are <see cref="Kept"/>.</param>
    public void Add(Document document, ReadOnlySpan<int> tokens, int rows, ReadOnlySpan<float> values)
    {
        int keptFrom = tokens.Length - rows;
        long id = _sequences.Count;
        _sequences.Add(id, tokens, _rows, keptFrom);
        _documents.Add(new DocumentEntry(id, document.Name, document.Labels, Split, id, 1, document.Text));
        int done = (int)Math.Clamp(Kept - _rows, 0, rows);
        Number(id, keptFrom, rows);
        while (done < rows)
        {
            int count = Math.Min(rows - done, _shards.Room);
            _shards.Append(new ActivationRows(values, tokens[keptFrom..], _ids.AsSpan(0, rows), _ids.AsSpan(0, rows), _positions.AsSpan(0, rows)).Slice(done, count));
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
        HarvestShard[] shards = [.. _journal.Shards];
        using ActivationStore store = ActivationStore.Open([.. shards.Select(shard => _folder.ResultsPath(shard.File))]);
        ActivationStatistics statistics = ActivationStatistics.Of(
            hook.Name, store, done => progress.Report("statistics", done, _rows, "rows", hook.Name), cancellation);
        AtomicFile.WriteJson(_folder.ResultsPath(HarvestStatistics.FileName), new HarvestStatistics(HarvestStatistics.CurrentFormatVersion, [statistics]), _open);
        HarvestInfo info = _template with { Rows = _rows, Sequences = documents, Documents = documents, Shards = shards };
        AtomicFile.WriteJson(_folder.ResultsPath(HarvestInfo.FileName), info, _open);
        return info;
    }

    public void Dispose()
    {
        _shards.Dispose();
        _sequences.Dispose();
        _documents.Dispose();
    }

    private void Number(long id, int first, int rows)
    {
        if (_ids.Length < rows)
        {
            (_ids, _positions) = (new long[rows], new int[rows]);
        }

        _ids.AsSpan(0, rows).Fill(id);
        for (int row = 0; row < rows; row++)
        {
            _positions[row] = first + row;
        }
    }

    private void FinishShard()
    {
        if (_shards.FinishShard() is { } shard)
        {
            _journal.Add([shard]);
        }
    }
}
