using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes;

/// <summary>
/// SAELens 6.54.12's <c>topk</c>: top-k in units of the decoder norm, AuxK on half the width, gradients clipped at norm 1,
/// decoder rows of norm 0.1 at the start, encoder its transpose, biases zero, decoder never renormalised.
/// </summary>
internal sealed class SaeLensTopKRecipe : Recipe<SaeLensTopKOptions>
{
    public override string Name => "saelens-topk";

    public override string Architecture => "topk";

    public override string Peer => "sae-lens";

    public override string PeerVersion => "6.54.12";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(2.5e-3, sizes.Latents),
            WarmUpSteps = Math.Min(20, sizes.Steps / 20),
            DecaySteps = sizes.Steps / 3,
            ClipNorm = 1,
        };
    }

    protected override SaeLensTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensTopKOptions { K = Math.Min(32, sizes.Latents) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, SaeLensTopKOptions options, TrainingBatch sample, Generator random)
    {
        // Kaiming uniform fixes the bound, and scaling rows to a norm makes it irrelevant: directions are what is drawn.
        Tensor decoder = rand(config.Latents, config.Width, generator: random) - 0.5;
        decoder = decoder / decoder.norm(1, true) * options.DecoderInitNorm;
        return
        [
            (ParameterNames.Encoder, decoder),
            (ParameterNames.EncoderBias, zeros(config.Latents)),
            (ParameterNames.Decoder, decoder),
            (ParameterNames.DecoderBias, zeros(config.Width)),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensTopKObjective(parameters, options, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
