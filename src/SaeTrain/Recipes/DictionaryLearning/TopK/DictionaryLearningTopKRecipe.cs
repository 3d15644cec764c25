using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>dictionary_learning's <c>TopKTrainer</c>: the k largest of each row, AuxK on half the width.</summary>
internal sealed class DictionaryLearningTopKRecipe : SelectingRecipe<DictionaryLearningTopKOptions>
{
    public override string Name => "dictionary-learning-topk";

    public override string Architecture => "topk";

    protected override DictionaryLearningTopKOptions DefaultOptions(RunSizes sizes)
    {
        return DictionaryLearningTopKOptions.For(sizes);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningTopKObjective(parameters, options, config.DeadTokens, constants, config.MatrixType(parameters.Device));
    }
}
