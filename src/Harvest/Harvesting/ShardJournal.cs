using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// The shards that are complete, kept in <c>shards.json</c> while a harvest is under way: one set a shard index, one file a hook.
/// A set is added only when all its files have their names.
/// </summary>
internal sealed class ShardJournal
{
    private const string FileName = "shards.json";

    private readonly string _path;
    private readonly string _root;
    private readonly FileOpener? _open;
    private readonly List<IReadOnlyList<HarvestShard>> _sets = [];

    public ShardJournal(RunFolder run, string root, FileOpener? open)
    {
        _path = run.ResultsPath(FileName);
        _root = root;
        _open = open;
    }

    public int Count => _sets.Count;

    public long Rows => _sets.Sum(set => (long)set[0].Rows);

    public IEnumerable<HarvestShard> Shards => _sets.SelectMany(set => set);

    /// <summary>Reads what an earlier process completed, up to the first set of which a file is absent or has changed.</summary>
    /// <returns>A sentence about a set that does not hold; null where all do.</returns>
    public string? Load(Action<int, int> verified, CancellationToken cancellation)
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        var stored = WorkbenchJson.Read<IReadOnlyList<IReadOnlyList<HarvestShard>>>(_path);
        foreach (IReadOnlyList<HarvestShard> set in stored)
        {
            cancellation.ThrowIfCancellationRequested();
            if (set.FirstOrDefault(shard => !Holds(shard)) is { } broken)
            {
                return $"{broken.File} is absent or changed since it was written; it and what follows is computed again.";
            }

            _sets.Add(set);
            verified(_sets.Count, stored.Count);
        }

        return null;
    }

    /// <summary>The shards of a share that was completed elsewhere, as they were written there.</summary>
    public static IEnumerable<HarvestShard> Read(RunFolder run)
    {
        string path = run.ResultsPath(FileName);
        return File.Exists(path)
            ? WorkbenchJson.Read<IReadOnlyList<IReadOnlyList<HarvestShard>>>(path).SelectMany(set => set)
            : [];
    }

    public void Add(IReadOnlyList<HarvestShard> set)
    {
        _sets.Add(set);
        AtomicFile.WriteJson(_path, _sets, _open);
    }

    public void Delete()
    {
        File.Delete(_path);
    }

    private bool Holds(HarvestShard shard)
    {
        string path = Path.Combine(_root, shard.File);
        return File.Exists(path) && new FileInfo(path).Length == shard.Bytes && ContentHash.OfFile(path) == shard.Sha256;
    }
}
