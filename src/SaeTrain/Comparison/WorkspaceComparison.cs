using System.Text.Json;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.SaeTrain.Training.Reporting;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Comparison;

/// <summary>Sets the dictionaries of a workspace side by side, from what their folders say.</summary>
internal static class WorkspaceComparison
{
    private const string Imported = "imported";

    /// <summary>All dictionaries: by hook, and then from few latents on to many.</summary>
    /// <exception cref="WorkbenchException">A file of a dictionary is damaged.</exception>
    public static IReadOnlyList<ComparedDictionary> Of(Workspace workspace)
    {
        return
        [
            .. ParetoFront.Mark([.. workspace.Dictionaries().Select(Read)])
                .OrderBy(dictionary => dictionary.Hook, StringComparer.Ordinal)
                .ThenBy(dictionary => dictionary.ActiveLatents ?? double.PositiveInfinity)
                .ThenBy(dictionary => dictionary.Fvu ?? double.PositiveInfinity)
                .ThenBy(dictionary => dictionary.Id, StringComparer.Ordinal),
        ];
    }

    private static ComparedDictionary Read(RunFolder run)
    {
        RunManifest manifest = run.Manifest!;
        ComparedDictionary facts = Measured(run, manifest.Verb == "train" ? Trained(run, manifest) : Loaded(run, Imported));
        string core = run.ResultsPath(Path.Combine("evaluations", "core.json"));
        if (File.Exists(core))
        {
            CoreResult result = WorkbenchJson.Read<CoreResult>(core);
            if (facts.WeightsHash is null || result.Config.WeightsHash == facts.WeightsHash)
            {
                CoreHeadline head = result.Headline;
                return facts with
                {
                    From = "core", ActiveLatents = head.ActiveLatents, Fvu = head.Fvu, CeRecovered = head.CeRecovered, DeadShare = head.DeadShare,
                };
            }
        }

        return facts;
    }

    private static ComparedDictionary Trained(RunFolder run, RunManifest manifest)
    {
        TrainingConfig config = DictionaryStart.StoredConfig(run, manifest);
        string? hash = manifest.State == RunState.Complete ? Loaded(run, Imported).WeightsHash : null;
        return new ComparedDictionary
        {
            Id = run.Id,
            State = JsonNamingPolicy.SnakeCaseLower.ConvertName(manifest.State.ToString()),
            Recipe = config.Recipe,
            Hook = string.Join(" + ", config.Hooks) + (config.HookOut is null ? string.Empty : $" -> {config.HookOut}"),
            Latents = config.Latents,
            WeightsHash = hash,
        };
    }

    private static ComparedDictionary Loaded(RunFolder run, string state)
    {
        using ILatentModel model = DictionaryLoader.Load(run.Path);
        return new ComparedDictionary
        {
            Id = run.Id,
            State = state,
            Hook = string.Join(" + ", model.Inputs.Select(site => site.Hook)),
            Latents = model.Latents,
            WeightsHash = model.WeightsHash,
        };
    }

    /// <summary>The numbers of training itself: the last evaluation on held-out text, or else the last batch.</summary>
    private static ComparedDictionary Measured(RunFolder run, ComparedDictionary facts)
    {
        IReadOnlyList<StepReport> lines = MetricsLog.All(run);
        if (lines.Count == 0)
        {
            return facts;
        }

        StepReport last = lines[^1];
        double? dead = facts.Latents is int latents ? (double)last.Dead / latents : null;
        return lines.LastOrDefault(line => line.HeldOut is not null) is { HeldOut: HeldOutReport held }
            ? facts with { From = "held_out", Tokens = last.Tokens, ActiveLatents = held.ActiveLatents, Fvu = held.Fvu, CeRecovered = held.CeRecovered, DeadShare = dead }
            : facts with { From = "batch", Tokens = last.Tokens, ActiveLatents = last.L0, Fvu = last.Fvu, DeadShare = dead };
    }
}
