using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training;

/// <summary>
/// Holds the shards of a run's hooks to the hashes in the harvest's manifest: all of them, before the first step of every start. It
/// reads what training is about to read, at the speed of the disk or of SHA-256.
/// </summary>
internal static class ShardVerification
{
    /// <exception cref="WorkbenchException">A shard is absent or was changed.</exception>
    public static void Check(Harvest harvest, IEnumerable<string> hooks, Action<long, long> progress, CancellationToken cancellation)
    {
        HarvestShard[] shards = [.. hooks.Distinct().SelectMany(harvest.Info.ShardsOf)];
        long total = shards.Sum(shard => shard.Bytes);
        long done = 0;
        progress(0, total);
        foreach (HarvestShard[] some in shards.Chunk(Environment.ProcessorCount))
        {
            cancellation.ThrowIfCancellationRequested();
            string?[] flaws = [.. some.AsParallel().AsOrdered().Select(shard => Flaw(harvest, shard))];
            if (flaws.FirstOrDefault(flaw => flaw is not null) is string first)
            {
                throw new WorkbenchException(first);
            }

            done += some.Sum(shard => shard.Bytes);
            progress(done, total);
        }
    }

    private static string? Flaw(Harvest harvest, HarvestShard shard)
    {
        string path = Path.Combine(harvest.Folder, shard.File);
        string found = ContentHash.OfFile(path);
        return found == shard.Sha256
            ? null
            : $"{path} has sha256 {found} where the manifest of harvest {harvest.Info.Id} says {shard.Sha256}: it was changed; put the shard back, or delete the harvest and harvest again.";
    }
}
