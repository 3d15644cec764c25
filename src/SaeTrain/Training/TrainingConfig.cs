using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Numerics;
using Workbench.SaeTrain.Recipes;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>Everything that a run's weights depend on besides the harvest's rows; the <c>config</c> of its run.json.</summary>
internal sealed record TrainingConfig
{
    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Architecture that the recipe trains.</summary>
    public required string Architecture { get; init; }

    /// <summary>The library whose numerics the recipe reproduces.</summary>
    public required string Peer { get; init; }

    /// <summary>Its version.</summary>
    public required string PeerVersion { get; init; }

    /// <summary>Id of the harvest.</summary>
    public required string Harvest { get; init; }

    /// <summary>Hook points that are encoded; one, except for dictionaries over several.</summary>
    public required IReadOnlyList<string> Hooks { get; init; }

    /// <summary>Hook point that is reconstructed, where it is another.</summary>
    public string? HookOut { get; init; }

    /// <summary>Features of an encoded row, d.</summary>
    public required int Width { get; init; }

    /// <summary>Features of a reconstructed row.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Number of latents, n.</summary>
    public required int Latents { get; init; }

    /// <summary>Seed of the initial weights and of the order of rows.</summary>
    public required long Seed { get; init; }

    /// <summary>Rows a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Passes over the harvest.</summary>
    public required double Epochs { get; init; }

    /// <summary>Steps, which follow from rows, batch and epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Peak learning rate of Adam.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps of linear warm-up.</summary>
    public required long WarmUpSteps { get; init; }

    /// <summary>Steps of linear decay to zero at the end.</summary>
    public required long DecaySteps { get; init; }

    /// <summary>Adam's decay of the first moment.</summary>
    public required double Beta1 { get; init; }

    /// <summary>Adam's decay of the second moment.</summary>
    public required double Beta2 { get; init; }

    /// <summary>Adam's epsilon.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Largest gradient norm; null for no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>A latent is dead where it has not fired for this number of tokens; recipes that count steps divide by the batch.</summary>
    public required long DeadTokens { get; init; }

    /// <summary>The recipe's own options, by the peer's names.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>How gradients are computed.</summary>
    public string Backend { get; init; } = "autograd";

    /// <summary>Resolved number type of the encoder product.</summary>
    public required string Precision { get; init; }

    /// <summary>Threads of matrix products.</summary>
    public required int Threads { get; init; }

    /// <summary>Resolved device.</summary>
    public required string Device { get; init; }

    /// <summary>The one hook that is encoded.</summary>
    [JsonIgnore]
    public string Hook => Hooks[0];

    /// <summary>The dead window in steps.</summary>
    [JsonIgnore]
    public long DeadSteps => DeadTokens / Batch;

    /// <summary>The sizes that a recipe's defaults depend on.</summary>
    [JsonIgnore]
    public RunSizes Sizes => new(Width, OutputWidth, Latents, Batch, Steps);

    /// <summary>Number type of the encoder product on a device.</summary>
    public ScalarType MatrixType(Device device)
    {
        return MatrixPrecisions.Resolve(MatrixPrecisions.Parse(Precision), device);
    }
}
