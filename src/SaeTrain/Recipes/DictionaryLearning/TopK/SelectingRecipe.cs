using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>
/// What dictionary_learning's top-k recipes share: decoder rows of unit norm with projected gradients, encoder its transpose at the
/// start, decoder bias at the geometric median of the first batch, gradients clipped at norm 1.
/// </summary>
internal abstract class SelectingRecipe<TOptions> : DictionaryLearningRecipe<TOptions>
    where TOptions : DictionaryLearningTopKOptions
{
    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return base.Defaults(sizes) with { LearningRate = RecipeDefaults.RateFor(2e-3, sizes.Latents), ClipNorm = 1 };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, TOptions options, TrainingBatch sample, Generator random)
    {
        return Tied(UnitRows(rand(config.Latents, config.Width, generator: random) - 0.5));
    }
}
