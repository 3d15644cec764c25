using System.Text.Json;
using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>
/// The run folder around rows from elsewhere: its lock, its manifest, its states. What is complete is kept, shard by shard; a
/// killed process loses at most the shard under way.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="id">The harvest's id.</param>
/// <param name="verb">The verb.</param>
/// <param name="sink">Receives progress.</param>
/// <param name="files">Opens files for writing; null for plain file streams.</param>
internal sealed class VectorRun(Workspace workspace, string id, string verb, IProgressSink? sink, FileOpener? files = null)
{
    /// <summary>The configuration of a harvest that was begun by this verb; null where there is none.</summary>
    /// <typeparam name="T">The configuration's type.</typeparam>
    public T? Stored<T>()
        where T : class
    {
        RunFolder folder = workspace.HarvestFolder(id);
        try
        {
            return folder.Manifest is { } manifest && manifest.Verb == verb ? manifest.Config.Deserialize<T>(WorkbenchJson.Options) : null;
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{folder.ManifestPath} has a config of another form ({malformed.Message.TrimEnd('.')}); take another --id.", malformed);
        }
    }

    /// <summary>Makes the harvest, goes on with it, or finds it complete.</summary>
    /// <param name="config">What was asked for; a harvest of something else is refused.</param>
    /// <param name="inputs">Hashes of what it reads.</param>
    /// <param name="production">Gives its rows.</param>
    /// <param name="cancellation">Stops it; the same call goes on.</param>
    /// <exception cref="WorkbenchException">The id belongs to another harvest, what it reads has changed, or it cannot be made.</exception>
    public HarvestInfo Execute<T>(T config, IReadOnlyDictionary<string, string> inputs, IVectorProduction production, CancellationToken cancellation)
    {
        workspace.EnsureWritable();
        RunFolder folder = workspace.HarvestFolder(id);
        using IDisposable held = folder.Lock();
        JsonElement wanted = WorkbenchJson.Element(config);
        if (folder.Manifest is { } stored)
        {
            RequireSame(stored, wanted, inputs);
            if (stored.State == RunState.Complete && File.Exists(folder.ResultsPath(HarvestInfo.FileName)))
            {
                new ShardJournal(folder, folder.Path, files).Delete();
                return Activations.Harvest.ReadInfo(folder.Path);
            }
        }

        folder.Start((folder.Manifest ?? new RunManifest { Tool = "harvest", Verb = verb, Id = id, Config = wanted, Seed = 0, Inputs = inputs }) with { Host = HostFacts.Current() });
        return folder.Guard(() => Make(folder, production, cancellation));
    }

    private HarvestInfo Make(RunFolder folder, IVectorProduction production, CancellationToken cancellation)
    {
        var progress = new ProgressReporter(folder, sink: sink);
        var log = new HarvestLog(folder, TimeProvider.System);
        var journal = new ShardJournal(folder, folder.Path, files);
        if (journal.Load((done, total) => progress.Report("verify", done, total, "shards"), cancellation) is { } remark)
        {
            log.Write(remark);
        }

        log.Write($"{(journal.Count > 0 ? "resumed" : "started")} with {journal.Count} complete shards");
        using var harvest = new VectorHarvest(folder, production.Describe(), production.ShardRows, journal, files);
        production.Write(harvest, progress, cancellation);
        HarvestInfo info = harvest.Complete(progress, cancellation);
        folder.Finish(RunState.Complete);
        journal.Delete();
        return info;
    }

    private void RequireSame(RunManifest stored, JsonElement wanted, IReadOnlyDictionary<string, string> inputs)
    {
        if (stored.Verb != verb || !JsonElement.DeepEquals(stored.Config, wanted) || !stored.Inputs.Keys.Order(StringComparer.Ordinal).SequenceEqual(inputs.Keys.Order(StringComparer.Ordinal)))
        {
            throw new WorkbenchException($"Harvest {id} was made from something else; repeat its own line, or take another --id.");
        }

        if (inputs.FirstOrDefault(input => stored.Inputs[input.Key] != input.Value) is { Key: { } changed } now)
        {
            throw new WorkbenchException(
                $"Harvest {id} was begun with other {changed} (SHA-256 {stored.Inputs[changed][..12]}, now {now.Value[..12]}); restore them, or take another --id.");
        }
    }
}
