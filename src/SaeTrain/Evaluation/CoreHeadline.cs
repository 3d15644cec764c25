using System.Text.Json.Serialization;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>The numbers to quote.</summary>
internal sealed record CoreHeadline
{
    public required double Fvu { get; init; }

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

    /// <summary>What each number means.</summary>
    public static IReadOnlyDictionary<string, string> Definitions { get; } = new Dictionary<string, string>
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
}
