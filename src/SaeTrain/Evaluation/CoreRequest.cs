using Workbench.Numerics;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>The command line of <c>saetrain evaluate core</c>.</summary>
internal sealed record CoreRequest
{
    public required string Workspace { get; init; }

    public required string Dictionary { get; init; }

    public string? Harvest { get; init; }

    public string? Model { get; init; }

    public long Tokens { get; init; } = 100_000;

    /// <summary>Whether to run the passes that only further definitions need.</summary>
    public bool AllPasses { get; init; }

    public MatrixPrecision Precision { get; init; } = MatrixPrecision.Auto;

    public string Device { get; init; } = "auto";
}
