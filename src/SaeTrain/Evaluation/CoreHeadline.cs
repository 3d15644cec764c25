using System.Text.Json.Serialization;
using Workbench.Dictionaries;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>The numbers to quote.</summary>
internal sealed record CoreHeadline
{
    private static readonly Dictionary<string, string> s_definitions = new()
    {
        ["counted_positions"] = "positions behind the excluded leading ones whose token is neither BOS nor EOS; all others keep their clean activation when the reconstruction or the mean is put in",
        ["fvu"] = "sum |x - x_hat|^2 / sum |x - mean|^2 over counted positions, mean over the same",
        ["l0"] = "latents other than zero a counted position",
        ["dead_share"] = "share of latents that are silent over the whole harvest named under config",
        ["ce"] = "next-token cross-entropy in nats where the current position is counted",
        ["ce_zero_ablation"] = "the activation replaced by zero at every position",
        ["ce_mean_ablation"] = "the activation replaced by its mean at counted positions",
        ["ce_recovered"] = "(ce_zero_ablation - ce_sae) / (ce_zero_ablation - ce_clean)",
        ["ce_recovered_mean_ablation"] = "(ce_mean_ablation - ce_sae) / (ce_mean_ablation - ce_clean)",
    };

    private static readonly Dictionary<string, string> s_several = new()
    {
        ["hooks"] = "activations of all hooks stand side by side: fvu is sum over hooks |x - x_hat|^2 / sum over hooks |x - mean of the hook|^2",
        ["fvu_by_hook"] = "fvu of each hook's activations alone",
        ["ce_of_hooks"] = "in every pass but the clean one all hooks are replaced in one forward pass, each by what its clean activations give: a later hook's replacement undoes what an earlier one changed in the residual stream there",
    };

    private static readonly Dictionary<string, string> s_pooled = new()
    {
        ["l0_of_hooks"] = "each hook is encoded by itself: l0 is a counted position of one hook, and so are densities",
    };

    public required double Fvu { get; init; }

    /// <summary>FVU at each hook of a dictionary of several; null for what writes at a single one.</summary>
    public IReadOnlyDictionary<string, double>? FvuByHook { get; init; }

    [JsonPropertyName("l0")]
    public required double ActiveLatents { get; init; }

    public required int DeadLatents { get; init; }

    public required double DeadShare { get; init; }

    public required double CeClean { get; init; }

    public required double CeSae { get; init; }

    public required double CeZeroAblation { get; init; }

    public required double CeMeanAblation { get; init; }

    public required double CeRecovered { get; init; }

    public required double CeRecoveredMeanAblation { get; init; }

    /// <summary>What each number means for a dictionary.</summary>
    public static IReadOnlyDictionary<string, string> DefinitionsFor(AttachedDictionary dictionary)
    {
        return s_definitions.Concat(dictionary.Reads.Count == 1 ? [] : s_several).Concat(dictionary.RowsPerToken == 1 ? [] : s_pooled).ToDictionary();
    }
}
