using Workbench.Models;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>A complete harvest: its description, its sequences and documents, and its activations by hook.</summary>
public sealed class Harvest : IDisposable
{
    private readonly Dictionary<string, ActivationStore> _stores = [];

    private Harvest(string folder, HarvestInfo info, SequenceTable sequences, DocumentTable documents)
    {
        Folder = folder;
        Info = info;
        Sequences = sequences;
        Documents = documents;
    }

    /// <summary>The harvest's folder.</summary>
    public string Folder { get; }

    /// <summary>What the harvest holds.</summary>
    public HarvestInfo Info { get; }

    /// <summary>The sequences as the model saw them.</summary>
    public SequenceTable Sequences { get; }

    /// <summary>The documents that the sequences are windows of.</summary>
    public DocumentTable Documents { get; }

    /// <summary>Opens a complete harvest.</summary>
    /// <param name="folder">The harvest's folder.</param>
    /// <exception cref="WorkbenchException">It is absent, not complete, damaged, or of an unknown version.</exception>
    public static Harvest Open(string folder)
    {
        HarvestInfo info = ReadInfo(folder);
        SequenceTable sequences = SequenceTable.Open(Path.Combine(folder, SequenceTable.FileName));
        try
        {
            return new Harvest(folder, info, sequences, DocumentTable.Open(Path.Combine(folder, DocumentTable.FileName)));
        }
        catch
        {
            sequences.Dispose();
            throw;
        }
    }

    /// <summary>Reads a complete harvest's manifest alone.</summary>
    /// <param name="folder">The harvest's folder.</param>
    /// <exception cref="WorkbenchException">It is absent, not complete, or of an unknown version.</exception>
    public static HarvestInfo ReadInfo(string folder)
    {
        string manifest = Path.Combine(folder, HarvestInfo.FileName);
        if (!File.Exists(manifest))
        {
            RunState? state = Directory.Exists(folder) ? new RunFolder(folder).Manifest?.State : null;
            throw new WorkbenchException(
                state is null
                    ? $"There is no harvest in {folder}; make one with 'harvest run'."
                    : $"The harvest in {folder} is not complete; run its 'harvest run' line again to finish it.");
        }

        HarvestInfo info = WorkbenchJson.Read<HarvestInfo>(manifest);
        return info.FormatVersion == HarvestInfo.CurrentFormatVersion
            ? info
            : throw new WorkbenchException(
                $"{manifest} has format_version {info.FormatVersion} where {HarvestInfo.CurrentFormatVersion} was expected; use the build that wrote it.");
    }

    /// <summary>The activations of one hook; owned by the harvest.</summary>
    /// <param name="hook">The hook point's name.</param>
    /// <exception cref="WorkbenchException">The harvest lacks the hook, or a shard is absent or damaged.</exception>
    public ActivationStore Store(string hook)
    {
        lock (_stores)
        {
            if (!_stores.TryGetValue(hook, out ActivationStore? store))
            {
                IReadOnlyList<HarvestShard> shards = Info.ShardsOf(hook);
                store = ActivationStore.Open([.. shards.Select(shard => Path.Combine(Folder, shard.File))]);
                if (store.Rows != Info.Rows)
                {
                    store.Dispose();
                    throw new WorkbenchException(
                        $"The shards of {hook} in {Folder} hold {store.Rows} rows where the manifest says {Info.Rows}; harvest again.");
                }

                _stores.Add(hook, store);
            }

            return store;
        }
    }

    /// <summary>The activations of one hook; owned by the harvest.</summary>
    /// <param name="point">The hook point.</param>
    /// <exception cref="WorkbenchException">The harvest lacks the hook, or a shard is absent or damaged.</exception>
    public ActivationStore Store(HookPoint point)
    {
        return Store(point.Name);
    }

    /// <summary>The statistics of one hook, from <c>stats.json</c>.</summary>
    /// <param name="hook">The hook point's name.</param>
    /// <exception cref="WorkbenchException">The file is absent or lacks the hook.</exception>
    public ActivationStatistics Statistics(string hook)
    {
        string path = Path.Combine(Folder, HarvestStatistics.FileName);
        return WorkbenchJson.Read<HarvestStatistics>(path).Hooks.FirstOrDefault(found => found.Hook == hook)
            ?? throw new WorkbenchException($"{path} has no entry for hook '{hook}'; harvest again.");
    }

    /// <summary>Unmaps everything.</summary>
    public void Dispose()
    {
        foreach (ActivationStore store in _stores.Values)
        {
            store.Dispose();
        }

        Sequences.Dispose();
        Documents.Dispose();
    }
}
