using System.Text.Json.Serialization;

namespace Workbench.SaeTrain.Comparison;

/// <summary>One dictionary of a workspace in a comparison.</summary>
internal sealed record ComparedDictionary
{
    public required string Id { get; init; }

    /// <summary>Where its run stands; <c>imported</c> where it was not trained here.</summary>
    public required string State { get; init; }

    public string? Recipe { get; init; }

    public required string Hook { get; init; }

    public int? Latents { get; init; }

    /// <summary>Activations seen in training.</summary>
    public long? Tokens { get; init; }

    /// <summary>Where the numbers come from: <c>core</c> (evaluations/core.json), <c>held_out</c> (an evaluation during training) or <c>batch</c> (the last training batch); null where there are none.</summary>
    public string? From { get; init; }

    [JsonPropertyName("l0")]
    public double? ActiveLatents { get; init; }

    public double? Fvu { get; init; }

    public double? CeRecovered { get; init; }

    public double? DeadShare { get; init; }

    /// <summary>SHA-256 of the weights.</summary>
    public string? WeightsHash { get; init; }

    /// <summary>Whether no other dictionary of the same hook and kind of numbers has as few latents on and a lower FVU, or fewer and as low a one.</summary>
    public bool BestFvu { get; init; }

    /// <summary>The same for a higher CE recovered.</summary>
    public bool BestCeRecovered { get; init; }
}
