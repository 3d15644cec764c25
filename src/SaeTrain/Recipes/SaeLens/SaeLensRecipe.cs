using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens;

/// <summary>
/// What SAELens 6.54.12's training architectures share: gradients clipped at norm 1, decoder rows of one norm at the start, encoder
/// their transpose, biases zero, decoder never renormalised, and activations optionally scaled by <c>s = sqrt(d) / mean row norm</c>.
/// </summary>
/// <remarks>The peer takes s from its first batches; here a sample of the shuffled rows gives it.</remarks>
internal abstract class SaeLensRecipe<TOptions> : Recipe<TOptions>
    where TOptions : SaeLensOptions
{
    public override string Peer => "sae-lens";

    public override string PeerVersion => "6.54.12";

    /// <summary>A learning rate that suits runs of about 1,000 steps and 4,096 latents; the peer's own, 3e-4, suits longer ones.</summary>
    protected virtual double ReferenceRate => 2.5e-3;

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(ReferenceRate, sizes.Latents),
            WarmUpSteps = Math.Min(20, sizes.Steps / 20),
            DecaySteps = sizes.Steps / 3,
            ClipNorm = 1,
        };
    }

    public override DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        double scale = Read(config).NormalizeActivations == SaeLensOptions.ExpectedAverage ? RowNorms.ScaleToRoot(sample.Input) : 1;
        return new DataConstants { InputScale = scale, OutputScale = scale };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(TrainingConfig config, TOptions options, TrainingBatch sample, Generator random)
    {
        // Kaiming uniform fixes the bound, and scaling rows to a norm makes it irrelevant: directions are what is drawn.
        Tensor decoder = rand(config.Latents, config.OutputWidth, generator: random) - 0.5;
        decoder = decoder / decoder.norm(1, true) * options.DecoderInitNorm;
        return [(ParameterNames.Encoder, decoder), .. Biases(config, options), (ParameterNames.Decoder, decoder), (ParameterNames.DecoderBias, zeros(config.OutputWidth))];
    }

    /// <summary>The weights of an architecture besides encoder, decoder and the decoder's bias.</summary>
    protected virtual IEnumerable<(string Name, Tensor Value)> Biases(TrainingConfig config, TOptions options)
    {
        return [(ParameterNames.EncoderBias, zeros(config.Latents))];
    }
}
