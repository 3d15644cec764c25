using System.Globalization;
using System.Text.Json;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.HeldOut;

namespace Workbench.SaeTrain.Training.Reporting;

/// <summary>What a run tells people of itself.</summary>
internal static class RunSentences
{
    public static string Opening(TrainingConfig config)
    {
        string from = config.InitFrom is null ? string.Empty : $", from {config.InitFrom}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Training {config.Latents} latents by {config.Recipe} ({config.Peer} {config.PeerVersion}) on {string.Join(" + ", config.Hooks)}{(config.HookOut is null ? string.Empty : " -> " + config.HookOut)} of {config.Harvest}{from}: {config.Steps} steps of {config.Batch}, lr {config.LearningRate}, warm-up {config.WarmUpSteps}, decay {config.DecaySteps}, dead after {config.DeadTokens} tokens, {JsonSerializer.Serialize(config.Options)}, {config.Backend} in {config.Precision} on {config.Device}, {config.Threads} threads.");
    }

    public static string Progress(StepReport report, HeldOutReport? held)
    {
        string byHook = held?.FvuByHook is { } shares
            ? $" ({string.Join(", ", shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {share.Value:f4}")))})"
            : string.Empty;
        string heldOut = held is not null
            ? string.Create(CultureInfo.InvariantCulture, $"; held out: FVU {held.Fvu:f4}{byHook}, CE recovered {held.CeRecovered:f4}")
            : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"loss {report.Total:g4}, FVU {report.Fvu:f4}, L0 {report.L0:f1}, {report.Dead} dead{heldOut}");
    }

    public static string Closing(StepReport? last, TrainingConfig config)
    {
        return $"Complete after {config.Steps} steps{(last is null ? string.Empty : $"; {last.Dead} of {config.Latents} latents are dead")}.";
    }
}
