using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>What dictionary_learning's gated recipes share: weights at the start, and Adam without a first moment.</summary>
internal abstract class GatedRecipe<TOptions> : DictionaryLearningRecipe<TOptions>
    where TOptions : class, IDictionaryLearningOptions
{
    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return base.Defaults(sizes) with { Beta1 = 0 };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, TOptions options, TrainingBatch sample, Generator random)
    {
        Tensor decoder = UnitRows(randn(config.Latents, config.Width, generator: random));
        return
        [
            (ParameterNames.Encoder, decoder),
            (ParameterNames.GateBias, zeros(config.Latents)),
            (ParameterNames.MagnitudeScale, zeros(config.Latents)),
            (ParameterNames.MagnitudeBias, zeros(config.Latents)),
            (ParameterNames.Decoder, decoder),
            (ParameterNames.DecoderBias, zeros(config.Width)),
        ];
    }
}
