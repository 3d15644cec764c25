using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Numerics;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.SaeTrain.Training.Settings;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>
/// Everything that a run's weights depend on besides the harvest's rows, and how often it tells and saves; the <c>config</c> of its
/// run.json. What carries a <see cref="SettingAttribute"/> may be set, the rest follows.
/// </summary>
internal sealed record TrainingConfig
{
    /// <summary>Name of the recipe.</summary>
    [Setting("--recipe", "Whose numerics to use")]
    public required string Recipe { get; init; }

    /// <summary>Architecture that the recipe trains.</summary>
    [Setting("--architecture", "Architecture, in place of a recipe's name: its first recipe")]
    public required string Architecture { get; init; }

    /// <summary>The library whose numerics the recipe reproduces.</summary>
    public required string Peer { get; init; }

    /// <summary>Its version.</summary>
    public required string PeerVersion { get; init; }

    /// <summary>Id of the harvest.</summary>
    [Setting("--harvest", "Id of the harvest to train on")]
    public required string Harvest { get; init; }

    /// <summary>Hook points that are encoded; one, except for dictionaries over several.</summary>
    [Setting("--hook", "Hook point that is encoded; needed where the harvest holds several, repeated for dictionaries over several")]
    public required IReadOnlyList<string> Hooks { get; init; }

    /// <summary>Hook point that is reconstructed, where it is another.</summary>
    [Setting("--hook-out", "Hook point that a transcoder reconstructs")]
    public string? HookOut { get; init; }

    /// <summary>Features of each encoded hook, in the order of <see cref="Hooks"/>.</summary>
    public IReadOnlyList<int> HookWidths { get; init; } = [];

    /// <summary>Features of an encoded row, d.</summary>
    public required int Width { get; init; }

    /// <summary>Features of a reconstructed row.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Number of latents, n.</summary>
    [Setting("--latents", "Number of latents", Default = 4096, Least = 1)]
    public required int Latents { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    [Setting("--seed", "Seed of the initial weights", Default = 0)]
    public required long Seed { get; init; }

    /// <summary>Seed of the order of rows; null in runs of before there was one, which took <see cref="Seed"/>.</summary>
    [Setting("--data-seed", "Seed of the order of rows; by default that of --seed")]
    public long? DataSeed { get; init; }

    /// <summary>Rows a step.</summary>
    [Setting("--batch", "Rows a step", Default = 2048, Least = 1)]
    public required int Batch { get; init; }

    /// <summary>Passes over the harvest.</summary>
    [Setting("--epochs", "Passes over the harvest", Default = 5.0, Above = 0)]
    public required double Epochs { get; init; }

    /// <summary>Steps, which follow from rows, batch and epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Peak learning rate.</summary>
    [Setting("--lr", "Peak learning rate; by default the recipe's", Above = 0)]
    public required double LearningRate { get; init; }

    /// <summary>Steps of linear warm-up.</summary>
    [Setting("--warm-up", "Steps of linear warm-up; by default the recipe's", Least = 0)]
    public required long WarmUpSteps { get; init; }

    /// <summary>Steps of linear decay to zero at the end.</summary>
    [Setting("--decay", "Steps of linear decay at the end; by default the recipe's", Least = 0)]
    public required long DecaySteps { get; init; }

    /// <summary>Adam's decay of the first moment.</summary>
    [Setting("--beta1", "Adam's decay of the first moment; by default the recipe's", Least = 0)]
    public required double Beta1 { get; init; }

    /// <summary>Adam's decay of the second moment.</summary>
    [Setting("--beta2", "Adam's decay of the second moment; by default the recipe's", Least = 0)]
    public required double Beta2 { get; init; }

    /// <summary>Adam's epsilon.</summary>
    [Setting("--epsilon", "Adam's epsilon; by default the recipe's", Least = 0)]
    public required double Epsilon { get; init; }

    /// <summary>Largest gradient norm; null for no clipping.</summary>
    [Setting("--clip-norm", "Largest gradient norm, or none; by default the recipe's", Above = 0)]
    public double? ClipNorm { get; init; }

    /// <summary>A latent is dead where it has not fired for this number of tokens; recipes that count steps divide by the batch.</summary>
    [Setting("--dead-tokens", "Tokens without firing after which a latent is dead; by default one epoch", Least = 1)]
    public required long DeadTokens { get; init; }

    /// <summary>The recipe's own options, by the peer's names.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>A dictionary whose weights this one starts from: an id, <c>id@step</c> or a path.</summary>
    [Setting("--init-from", "Dictionary to start from: an id, id@step or a path")]
    public string? InitFrom { get; init; }

    /// <summary>How steps are computed; auto until the first start of the run has found out.</summary>
    [Setting("--backend", "How steps are computed", Default = TrainingBackends.Auto, Words = [TrainingBackends.Auto, TrainingBackends.Fused, TrainingBackends.Autograd])]
    public string Backend { get; init; } = TrainingBackends.Autograd;

    /// <summary>Resolved number type of the encoder product.</summary>
    [Setting("--precision", "Number type of the encoder product", Default = "auto", Words = ["auto", "float32", "bfloat16"])]
    public required string Precision { get; init; }

    /// <summary>Which cheaper product proposes entries whose values are then computed in float32.</summary>
    [Setting("--screen", "int8: a cheaper encoder product proposes each row's entries, whose values are computed in float32; for recipes that choose k latents in every row", Default = TrainingBackends.Unscreened, Words = [TrainingBackends.Unscreened, TrainingBackends.ScreenedByInt8])]
    public string Screen { get; init; } = TrainingBackends.Unscreened;

    /// <summary>Threads of matrix products.</summary>
    [Setting("--threads", "Threads of matrix products; by default all cores", Least = 1)]
    public required int Threads { get; init; }

    /// <summary>Resolved device.</summary>
    [Setting("--device", "auto, cpu, cuda or cuda:n", Default = "auto")]
    public required string Device { get; init; }

    /// <summary>Steps between lines of metrics.jsonl.</summary>
    [Setting("--log-every", "Steps between lines of metrics.jsonl", Default = 10, Least = 1, IsFree = true)]
    public long LogEvery { get; init; } = 10;

    /// <summary>Steps between resumable states.</summary>
    [Setting("--save-every", "Steps between resumable states", Default = 100, Least = 1, IsFree = true)]
    public long SaveEvery { get; init; } = 100;

    /// <summary>Which steps' dictionaries are kept.</summary>
    [Setting("--checkpoints", "Steps whose dictionaries are kept: log (1, 2, 4, 8 ...) or none", Default = CheckpointSteps.Log, Words = [CheckpointSteps.Log, CheckpointSteps.None], IsFree = true)]
    public string Checkpoints { get; init; } = CheckpointSteps.Log;

    /// <summary>Steps between evaluations on held-out text; 0 for none.</summary>
    [Setting("--evaluate-every", "Steps between evaluations on held-out text, 0 for none; by default five times a run", Least = 0, IsFree = true)]
    public long EvaluateEvery { get; init; }

    /// <summary>Held-out tokens of such an evaluation.</summary>
    [Setting("--evaluate-tokens", "Held-out tokens of such an evaluation", Default = 2048, Least = 1, IsFree = true)]
    public long EvaluateTokens { get; init; } = 2048;

    /// <summary>Where the harvest's model is now, if it moved.</summary>
    [Setting("--model", "Where the harvest's model is now, if it moved; only held-out evaluations need it", IsFree = true)]
    public string? Model { get; init; }

    /// <summary>The seed of the order of rows, whichever way it was set.</summary>
    [JsonIgnore]
    public long OrderSeed => DataSeed ?? Seed;

    /// <summary>The one hook that is encoded.</summary>
    [JsonIgnore]
    public string Hook => Hooks[0];

    /// <summary>Hook points whose rows are read.</summary>
    [JsonIgnore]
    public IEnumerable<string> StoredHooks => HookOut is null ? Hooks : [.. Hooks, HookOut];

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
