using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.OpenAi;

/// <summary>
/// openai/sparse_autoencoder at 4965b94, in float32: top-k with AuxK, unit-norm decoder with projected gradient, decoder bias
/// at the geometric median of a sample, encoder scaled so that reconstructions of random unit vectors have mean norm 1.
/// </summary>
internal sealed class OpenAiTopKRecipe : Recipe<OpenAiTopKOptions>
{
    private const int ProbeRows = 256;

    public override string Name => "openai-topk";

    public override string Architecture => "topk";

    public override string Peer => "openai/sparse_autoencoder";

    public override string PeerVersion => "4965b94";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(4e-3, sizes.Latents),
            WarmUpSteps = Math.Min(20, sizes.Steps / 20),
            DecaySteps = sizes.Steps / 3,
            Epsilon = 6.25e-10,
        };
    }

    public override DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        using var scope = NewDisposeScope();
        Tensor centred = sample.Target - sample.Target.mean([0]);
        double variance = centred.pow(2).mean([], false, ScalarType.Float64).item<double>();
        return variance > 0
            ? new DataConstants { ErrorScale = 1 / variance }
            : throw new WorkbenchException("The activations are all the same, so there is nothing to train on; check the harvest's hook.");
    }

    protected override OpenAiTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new OpenAiTopKOptions { K = Math.Min(32, sizes.Latents), Auxk = Math.Clamp(sizes.InputWidth / 2, 1, Math.Min(256, sizes.Latents)) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, OpenAiTopKOptions options, TrainingBatch sample, Generator random)
    {
        double bound = 1 / Math.Sqrt(config.Width);
        Tensor encoder = (rand(config.Latents, config.Width, generator: random) * (2 * bound)) - bound;
        Tensor decoder = encoder / encoder.norm(1, true);
        Tensor probes = randn(ProbeRows, config.Width, generator: random);
        probes.div_(probes.norm(1, true));
        (Tensor values, Tensor indices) = probes.mm(encoder.t()).topk(options.K, -1);
        Tensor reconstructions = RowProducts.Combine(decoder, indices.contiguous(), values.relu().contiguous());
        encoder.div_(reconstructions.norm(1).mean());
        return
        [
            (ParameterNames.Encoder, encoder),
            (ParameterNames.EncoderBias, zeros(config.Latents)),
            (ParameterNames.Decoder, decoder),
            (ParameterNames.DecoderBias, GeometricMedian.Of(sample.Target)),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, OpenAiTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new OpenAiTopKObjective(parameters, options, constants.ErrorScale, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
