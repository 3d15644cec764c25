using System.Text.Json;
using Workbench.Numerics;

namespace Workbench.SaeTrain.Training;

/// <summary>A command line of <c>train</c>; what is null follows from the recipe and the data.</summary>
internal sealed record TrainingRequest
{
    public required string Workspace { get; init; }

    public required string Id { get; init; }

    public required string Harvest { get; init; }

    public IReadOnlyList<string> Hooks { get; init; } = [];

    public string? HookOut { get; init; }

    public string? Recipe { get; init; }

    public string? Architecture { get; init; }

    public required int Latents { get; init; }

    /// <summary>The recipe's own options that were given, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    public long Seed { get; init; }

    public int Batch { get; init; } = 2048;

    public double Epochs { get; init; } = 5;

    public double? LearningRate { get; init; }

    public long? WarmUpSteps { get; init; }

    public long? DecaySteps { get; init; }

    public long? DeadTokens { get; init; }

    public MatrixPrecision Precision { get; init; } = MatrixPrecision.Auto;

    public int? Threads { get; init; }

    public string Device { get; init; } = "auto";

    /// <summary>Steps between checkpoints.</summary>
    public long SaveEvery { get; init; } = 100;
}
