using System.Text.Json.Serialization;

namespace Workbench.SaeTrain.Training.HeldOut;

/// <summary>How well a dictionary in training stands in for the activations on held-out text; numbers are defined as those of <c>evaluate core</c>.</summary>
/// <param name="Tokens">Counted positions.</param>
/// <param name="Fvu">sum |x - x̂|² / sum |x - mean|².</param>
/// <param name="ActiveLatents">Latents other than zero a position.</param>
/// <param name="CeRecovered">(CE of zero ablation - CE with the dictionary) / (CE of zero ablation - clean CE).</param>
/// <param name="CeSae">CE with the dictionary, nats a token.</param>
/// <param name="CeClean">CE of the model.</param>
/// <param name="CeZeroAblation">CE with the activation set to zero.</param>
/// <param name="FvuByHook">FVU at each hook of a dictionary of several, where <paramref name="Fvu"/> is of all side by side; else null.</param>
internal sealed record HeldOutReport(
    long Tokens,
    double Fvu,
    [property: JsonPropertyName("l0")] double ActiveLatents,
    double CeRecovered,
    double CeSae,
    double CeClean,
    double CeZeroAblation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? FvuByHook = null);
