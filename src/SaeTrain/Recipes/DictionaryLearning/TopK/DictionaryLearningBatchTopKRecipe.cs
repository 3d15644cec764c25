using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>dictionary_learning's <c>BatchTopKTrainer</c>: the largest of the whole batch, k a row on average, AuxK on half the width.</summary>
internal sealed class DictionaryLearningBatchTopKRecipe : SelectingRecipe<DictionaryLearningTopKOptions>
{
    public override string Name => "dictionary-learning-batchtopk";

    public override string Architecture => "batchtopk";

    protected override DictionaryLearningTopKOptions DefaultOptions(RunSizes sizes)
    {
        return DictionaryLearningTopKOptions.For(sizes);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningBatchTopKObjective(
            parameters, options, config.DeadTokens, constants, config.MatrixType(parameters.Device));
    }
}
