using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.MultiLayer;

/// <summary>
/// tim-lawson/mlsae at ba90c51 (Lawson et al. 2025, "Residual stream analysis with multi-layer SAEs"): one top-k dictionary over the
/// rows of all hooks. Rows are standardised one by one and each hook's error is divided by its variance, so that no hook dominates;
/// the saved dictionary standardises too. No encoder bias; decoder bias at the geometric median of the first batch.
/// </summary>
internal sealed class MultiLayerTopKRecipe : Recipe<MultiLayerTopKOptions>
{
    public override string Name => "mlsae-topk";

    public override string Architecture => "multi-layer";

    public override string Peer => "tim-lawson/mlsae";

    public override string PeerVersion => "ba90c51";

    public override HookArrangement Arrangement => HookArrangement.Pooled;

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

    protected override MultiLayerTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new MultiLayerTopKOptions { K = Math.Min(32, sizes.Latents), Auxk = Math.Clamp(sizes.InputWidth / 2, 1, Math.Min(256, sizes.Latents)) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, MultiLayerTopKOptions options, TrainingBatch sample, Generator random)
    {
        double bound = 1 / Math.Sqrt(config.Width);
        Tensor encoder = (rand(config.Latents, config.Width, generator: random) * (2 * bound)) - bound;
        return
        [
            (ParameterNames.Encoder, encoder),
            (ParameterNames.EncoderBias, zeros(config.Latents)),
            (ParameterNames.Decoder, encoder / encoder.norm(1, true)),
            (ParameterNames.DecoderBias, zeros(config.Width)),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, MultiLayerTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new MultiLayerTopKObjective(parameters, options, config.Hooks, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
