using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>What a run of the verb came to; printed with --json.</summary>
/// <param name="Harvest">The harvest's id.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="State">complete, or partial where other partitions are still missing.</param>
/// <param name="AlreadyComplete">Whether there was nothing left to do.</param>
/// <param name="Rows">Rows of each hook.</param>
/// <param name="Sequences">Sequences.</param>
/// <param name="Documents">Documents.</param>
/// <param name="Hooks">The hooks.</param>
/// <param name="ExcludedLeading">Leading positions of each sequence that no row was kept of.</param>
/// <param name="Bos">Whether each sequence begins with BOS.</param>
/// <param name="Precision">The number type of matrix products.</param>
/// <param name="Outliers">Rows dropped for their norm.</param>
/// <param name="Computed">Rows computed by this process.</param>
/// <param name="Seconds">Seconds that took.</param>
/// <param name="Message">A remark for people.</param>
internal sealed record HarvestResult(
    string Harvest,
    string Folder,
    string State,
    bool AlreadyComplete,
    long Rows,
    long Sequences,
    long Documents,
    IReadOnlyList<HarvestHook> Hooks,
    int ExcludedLeading,
    string Bos,
    string Precision,
    long Outliers,
    long Computed,
    double Seconds,
    string? Message)
{
    public static HarvestResult Of(HarvestInfo info, string folder, long computed, double seconds, string? message, bool alreadyComplete = false)
    {
        return new HarvestResult(
            info.Id, folder, "complete", alreadyComplete, info.Rows, info.Sequences, info.Documents, info.Hooks,
            info.ExcludedLeading, info.Bos, info.Precision, info.Outliers?.Dropped ?? 0, computed, seconds, message);
    }

    /// <summary>The result of one share while others are missing.</summary>
    public static HarvestResult Partial(RunFolder folder, HarvestConfig config, ProducedShards produced, string message)
    {
        HarvestHook[] hooks = [.. config.Request.Hooks.Zip(config.Resolved.Widths, (name, width) => new HarvestHook(name, width))];
        return new HarvestResult(
            folder.Id, folder.Path, "partial", false, produced.Journal.Rows, 0, 0, hooks,
            config.Resolved.ExcludedLeading, config.Resolved.Bos, config.Resolved.Precision, 0, produced.Rows, produced.Seconds, message);
    }
}
