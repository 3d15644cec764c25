using System.Text.Json;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>A harvest as a row of the workspace page.</summary>
public sealed record HarvestSummary(
    string Id, RunStatus Status, string Model, string Corpus, IReadOnlyList<string> Hooks, long? Tokens, long Bytes) : IRunSummary<HarvestSummary>
{
    public static HarvestSummary Of(RunFolder run)
    {
        RunStatus status = RunStatus.Of(run);
        if (!File.Exists(run.ResultsPath(HarvestInfo.FileName)))
        {
            return Begun(run, status);
        }

        HarvestInfo info = Harvest.ReadInfo(run.Path);
        long bytes = info.Shards.Select(shard => new FileInfo(run.ResultsPath(shard.File))).Where(file => file.Exists).Sum(file => file.Length);
        return new HarvestSummary(run.Id, status, info.Model, info.Corpus, [.. info.Hooks.Select(hook => hook.Name)], info.Rows, bytes);
    }

    /// <summary>A harvest that is not complete says what it was asked for.</summary>
    private static HarvestSummary Begun(RunFolder run, RunStatus status)
    {
        if (run.Manifest is not { } manifest || !manifest.Config.TryGetProperty("request", out JsonElement request))
        {
            return new HarvestSummary(run.Id, status, "", "", [], null, 0);
        }

        string Text(string name) => request.TryGetProperty(name, out JsonElement value) ? Path.GetFileName(value.ToString()) : string.Empty;
        string[] hooks = request.TryGetProperty("hooks", out JsonElement list) ? [.. list.EnumerateArray().Select(hook => hook.ToString())] : [];
        return new HarvestSummary(run.Id, status, Text("model"), Text("corpus"), hooks, null, 0);
    }

    public static HarvestSummary Damaged(string id, string sentence)
    {
        return new HarvestSummary(id, new RunStatus(RunState.Failed, sentence), "", "", [], null, 0);
    }
}
