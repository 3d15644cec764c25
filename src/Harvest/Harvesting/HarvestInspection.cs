using Workbench.Activations;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>What <c>harvest inspect</c> finds in a complete harvest.</summary>
/// <param name="Info">The manifest.</param>
/// <param name="State">The run's state.</param>
/// <param name="Samples">A few sequences.</param>
/// <param name="Statistics">Statistics by hook, without the mean rows.</param>
/// <param name="VerifiedShards">Shards whose hash is the manifest's: all of them.</param>
/// <param name="Bytes">The shards' total length.</param>
internal sealed record HarvestInspection(
    HarvestInfo Info,
    RunState State,
    IReadOnlyList<SequenceSample> Samples,
    IReadOnlyList<HookSummary> Statistics,
    int VerifiedShards,
    long Bytes)
{
    private const int SampleCount = 4;

    /// <exception cref="WorkbenchException">A file is absent, damaged or changed; the sentence names it.</exception>
    public static HarvestInspection Of(RunFolder folder, TextTokenizer? tokenizer, IProgressSink? sink, CancellationToken cancellation)
    {
        using Activations.Harvest harvest = Activations.Harvest.Open(folder.Path);
        HarvestInfo info = harvest.Info;
        Verify(folder, info, sink, cancellation);
        HookSummary[] statistics =
        [
            .. info.Hooks.Select(hook => HookSummary.Of(harvest.Statistics(hook.Name), harvest.Store(hook.Name).StoredType.ToString())),
        ];
        long step = Math.Max(1, info.Sequences / SampleCount);
        SequenceSample[] samples =
        [
            .. Enumerable.Range(0, SampleCount).Select(i => i * step).Where(i => i < info.Sequences).Select(i => SequenceSample.Of(harvest, i, tokenizer)),
        ];
        return new HarvestInspection(
            info, folder.Manifest?.State ?? RunState.Complete, samples, statistics, info.Shards.Count, info.Shards.Sum(shard => shard.Bytes));
    }

    private static void Verify(RunFolder folder, HarvestInfo info, IProgressSink? sink, CancellationToken cancellation)
    {
        for (int i = 0; i < info.Shards.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            HarvestShard shard = info.Shards[i];
            string path = folder.ResultsPath(shard.File);
            string found = ContentHash.OfFile(path);
            if (found != shard.Sha256)
            {
                throw new WorkbenchException(
                    $"{path} has sha256 {found} where the manifest says {shard.Sha256}: it was changed after the harvest; delete {folder.Path} and harvest again.");
            }

            sink?.Update(new RunProgress("verify", i + 1, info.Shards.Count, "shards", 0, null, null, default));
        }
    }
}
