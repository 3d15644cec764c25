using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>A dictionary as a row of the workspace page.</summary>
public sealed record DictionarySummary(
    string Id, RunStatus Status, string Kind, int? Latents, IReadOnlyList<string> Indexes, CoreScores? Scores) : IRunSummary<DictionarySummary>
{
    private const string Config = "cfg.json";

    public static DictionarySummary Of(RunFolder run, IReadOnlyList<string> indexes)
    {
        RunStatus status = RunStatus.Of(run);
        string kind = run.Manifest is { } manifest && manifest.Config.TryGetProperty("recipe", out JsonElement recipe) ? recipe.ToString() : string.Empty;
        int? latents = null;
        string path = run.ResultsPath(Config);
        if (File.Exists(path))
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(path));
            latents = config.RootElement.TryGetProperty("d_sae", out JsonElement size) || config.RootElement.TryGetProperty("latents", out size) ? size.GetInt32() : null;
            kind = kind.Length == 0 && config.RootElement.TryGetProperty("architecture", out JsonElement name) ? name.ToString() : kind;
        }

        return new DictionarySummary(run.Id, status, kind, latents, indexes, CoreScores.TryRead(run));
    }

    public static DictionarySummary Damaged(string id, string sentence)
    {
        return new DictionarySummary(id, new RunStatus(RunState.Failed, sentence), "", null, [], null);
    }
}
