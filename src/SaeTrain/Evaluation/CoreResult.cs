namespace Workbench.SaeTrain.Evaluation;

/// <summary>The content of <c>evaluations/core.json</c>.</summary>
internal sealed record CoreResult
{
    public const int CurrentFormatVersion = 1;

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public string Evaluation { get; init; } = "core";

    public required CoreConfig Config { get; init; }

    public required CoreHeadline Headline { get; init; }

    public required IReadOnlyDictionary<string, string> Definitions { get; init; }

    /// <summary>Counted positions.</summary>
    public required long Tokens { get; init; }

    public required int Windows { get; init; }

    public required int Batches { get; init; }

    /// <summary>Where the count of dead latents came from.</summary>
    public required string DeadFrom { get; init; }

    public required IReadOnlyDictionary<string, CoreSetResult> Sets { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether the result was there already.</summary>
    public bool AlreadyComplete { get; init; }
}
