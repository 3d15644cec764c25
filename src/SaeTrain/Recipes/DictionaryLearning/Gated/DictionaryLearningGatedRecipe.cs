using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>dictionary_learning's <c>GatedSAETrainer</c>: gate and magnitude of one product, L1 on the gate, decoder rows of unit norm.</summary>
internal sealed class DictionaryLearningGatedRecipe : GatedRecipe<DictionaryLearningGatedOptions>
{
    public override string Name => "dictionary-learning-gated";

    public override string Architecture => "gated";

    protected override DictionaryLearningGatedOptions DefaultOptions(RunSizes sizes)
    {
        return new DictionaryLearningGatedOptions { L1Penalty = 0.1, SparsityWarmupSteps = WarmUp(2000, sizes.Steps, 10) };
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningGatedOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningGatedObjective(parameters, options, config.DeadSteps, constants);
    }
}
