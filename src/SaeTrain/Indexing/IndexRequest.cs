using Workbench.Numerics;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The command line of <c>saetrain index</c>.</summary>
internal sealed record IndexRequest
{
    public required string Workspace { get; init; }

    public required string Dictionary { get; init; }

    public string? Harvest { get; init; }

    public string? Model { get; init; }

    public bool Replay { get; init; }

    public MatrixPrecision Precision { get; init; } = MatrixPrecision.Auto;

    public string Device { get; init; } = "auto";

    public long Seed { get; init; }

    /// <summary>Whether an index that was made from another source of activations may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Where the index goes; null for its place below the dictionary.</summary>
    public string? Folder { get; init; }
}
