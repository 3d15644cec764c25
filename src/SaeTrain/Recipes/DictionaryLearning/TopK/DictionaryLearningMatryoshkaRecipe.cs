using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>
/// dictionary_learning's <c>MatryoshkaBatchTopKTrainer</c>: batch-wide top-k, nested reconstructions of groups, AuxK on half the
/// width.
/// </summary>
internal sealed class DictionaryLearningMatryoshkaRecipe : SelectingRecipe<DictionaryLearningMatryoshkaOptions>
{
    public override string Name => "dictionary-learning-matryoshka";

    public override string Architecture => "matryoshka";

    protected override DictionaryLearningMatryoshkaOptions DefaultOptions(RunSizes sizes)
    {
        return DictionaryLearningMatryoshkaOptions.For(sizes);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningMatryoshkaOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningMatryoshkaObjective(
            parameters, options, config.DeadTokens, constants, config.MatrixType(parameters.Device));
    }
}
