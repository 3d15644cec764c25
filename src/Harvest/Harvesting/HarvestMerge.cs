using System.Text.Json;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Brings the partitions of one harvest together, from other workspaces too: every shard is checked against the hash of its
/// partition's journal before it counts, so what is joined is byte for byte what one process would have written.
/// </summary>
internal sealed class HarvestMerge(Workspace workspace, string id)
{
    private readonly RunFolder _target = workspace.HarvestFolder(id);

    /// <summary>Gathers the partitions.</summary>
    /// <param name="others">Other workspaces that hold partitions of the harvest.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What the harvest was asked for, and any one of its partitions: with it the harvest can be finished.</returns>
    /// <exception cref="WorkbenchException">The partitions are not of one harvest, one is absent or incomplete, or a shard differs.</exception>
    public (HarvestRequest Request, HarvestPartition Partition) Gather(IReadOnlyList<Workspace> others, CancellationToken cancellation)
    {
        RunFolder[] sources =
        [
            .. others.Select(other => other.HarvestFolder(id)).Prepend(_target).Where(folder => folder.Manifest is not null),
        ];
        if (sources.Length == 0)
        {
            throw new WorkbenchException($"No workspace holds a harvest {id}; expected one that 'harvest run --partition i/N' has begun.");
        }

        RunManifest first = sources[0].Manifest!;
        HarvestConfig config = Config(sources[0]);
        foreach (RunFolder other in sources.Skip(1))
        {
            CheckSame(first, config, other);
        }

        (int count, RunFolder[] parts) = Parts(sources);
        using IDisposable held = _target.Lock();
        if (_target.Manifest is null)
        {
            AtomicFile.WriteJson(_target.ManifestPath, first);
        }

        for (int number = 1; number <= count; number++)
        {
            Bring(parts[number - 1], new HarvestPartition(number, count), cancellation);
        }

        return (config.Request, new HarvestPartition(1, count));
    }

    private static HarvestConfig Config(RunFolder folder)
    {
        try
        {
            return folder.Manifest!.Config.Deserialize<HarvestConfig>(WorkbenchJson.Options)!;
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{folder.ManifestPath} is no harvest that was run in partitions: {malformed.Message}", malformed);
        }
    }

    private static void CheckSame(RunManifest first, HarvestConfig config, RunFolder other)
    {
        HarvestConfig theirs = Config(other);
        string? difference = config.Request.DifferenceFrom(theirs.Request)
            ?? first.Inputs.Where(input => other.Manifest!.Inputs.GetValueOrDefault(input.Key) != input.Value).Select(input => $"another {input.Key}").FirstOrDefault()
            ?? (JsonElement.DeepEquals(WorkbenchJson.Element(config.Resolved), WorkbenchJson.Element(theirs.Resolved))
                ? null
                : $"other settings ({WorkbenchJson.Element(theirs.Resolved)}, not {WorkbenchJson.Element(config.Resolved)})");
        if (difference is not null)
        {
            throw new WorkbenchException($"{other.Path} was run with {difference}; only partitions of one run can be merged.");
        }
    }

    /// <summary>The complete partitions by number, each from the first workspace that has it.</summary>
    private static (int Count, RunFolder[] Parts) Parts(RunFolder[] sources)
    {
        var found = new Dictionary<int, RunFolder>();
        int count = 0;
        foreach (string folder in sources.Select(source => source.ResultsPath("partitions")).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            HarvestPartition part = HarvestPartition.Parse(Path.GetFileName(folder).Replace("-of-", "/", StringComparison.Ordinal));
            if (count != 0 && part.Count != count)
            {
                throw new WorkbenchException($"{folder} is one of {part.Count} partitions where others are of {count}; run all with one N.");
            }

            count = part.Count;
            var run = new RunFolder(folder);
            if (run.Manifest?.State == RunState.Complete)
            {
                found.TryAdd(part.Number, run);
            }
        }

        int[] missing = [.. Enumerable.Range(1, count).Where(number => !found.ContainsKey(number))];
        return count == 0
            ? throw new WorkbenchException($"{sources[0].Path} has no partitions; it was run whole, and there is nothing to merge.")
            : missing.Length > 0
                ? throw new WorkbenchException($"Partitions {string.Join(", ", missing)} of {count} are absent or not complete; run them, or name their workspaces by --from.")
                : (count, [.. Enumerable.Range(1, count).Select(number => found[number])]);
    }

    private void Bring(RunFolder part, HarvestPartition partition, CancellationToken cancellation)
    {
        string root = Path.GetDirectoryName(Path.GetDirectoryName(part.Path))!;
        foreach (HarvestShard shard in ShardJournal.Read(part))
        {
            cancellation.ThrowIfCancellationRequested();
            string source = Path.Combine(root, shard.File);
            string target = _target.ResultsPath(shard.File);
            string found = File.Exists(source) ? ContentHash.OfFile(source) : "none, for it is absent";
            if (found != shard.Sha256)
            {
                throw new WorkbenchException($"{source} has sha256 {found} where its partition wrote {shard.Sha256}; run partition {partition.Number}/{partition.Count} again there.");
            }

            if (Path.GetFullPath(source) != target)
            {
                Copy(source, target);
            }
        }


        string folder = _target.ResultsPath(partition.Folder);
        foreach (string file in Path.GetFullPath(part.Path) == folder ? [] : Directory.EnumerateFiles(part.Path, "*.json"))
        {
            Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private static void Copy(string source, string target)
    {
        AtomicFile.Write(target, stream =>
        {
            using FileStream file = File.OpenRead(source);
            file.CopyTo(stream);
        });
    }
}
