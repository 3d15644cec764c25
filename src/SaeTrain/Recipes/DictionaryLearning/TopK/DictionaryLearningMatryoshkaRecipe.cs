using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>
/// dictionary_learning's <c>MatryoshkaBatchTopKTrainer</c>: batch-wide top-k, nested reconstructions of groups, AuxK on half the
/// width. The peer has no groups of its own; those here double from a thirty-second of the latents.
/// </summary>
internal sealed class DictionaryLearningMatryoshkaRecipe : SelectingRecipe<DictionaryLearningMatryoshkaOptions>
{
    public override string Name => "dictionary-learning-matryoshka";

    public override string Architecture => "matryoshka";

    protected override DictionaryLearningMatryoshkaOptions DefaultOptions(RunSizes sizes)
    {
        return new DictionaryLearningMatryoshkaOptions
        {
            K = Math.Min(32, sizes.Latents),
            ThresholdBeta = Beta(sizes.Steps),
            ThresholdStartStep = Start(sizes.Steps),
            GroupFractions = sizes.Latents < 32 ? [1] : [1 / 32.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 17 / 32.0],
        };
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningMatryoshkaOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningMatryoshkaObjective(
            parameters, options, config.DeadTokens, constants, config.MatrixType(parameters.Device));
    }
}
