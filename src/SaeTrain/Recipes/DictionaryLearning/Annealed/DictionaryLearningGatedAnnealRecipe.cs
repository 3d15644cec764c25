using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>dictionary_learning's <c>GatedAnnealTrainer</c>: as its gated trainer, with a penalty on the gate whose p falls in steps.</summary>
internal sealed class DictionaryLearningGatedAnnealRecipe : GatedRecipe<PAnnealOptions>
{
    public override string Name => "dictionary-learning-gated-anneal";

    public override string Architecture => "gated";

    protected override PAnnealOptions DefaultOptions(RunSizes sizes)
    {
        return PAnnealOptions.For(sizes);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, PAnnealOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningGatedAnnealObjective(parameters, options, options.Schedule(config.Steps), config.DeadSteps, constants);
    }
}
