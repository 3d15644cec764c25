using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>dictionary_learning's <c>PAnnealTrainer</c>: ReLU with a penalty Lp whose p falls in steps, decoder rows of unit norm.</summary>
internal sealed class DictionaryLearningPAnnealRecipe : DictionaryLearningRecipe<PAnnealOptions>
{
    public override string Name => "dictionary-learning-panneal";

    public override string Architecture => "p-anneal";

    protected override PAnnealOptions DefaultOptions(RunSizes sizes)
    {
        return PAnnealOptions.For(sizes);
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, PAnnealOptions options, TrainingBatch sample, Generator random)
    {
        return SmallTied(config, random);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, PAnnealOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningPAnnealObjective(parameters, options, options.Schedule(config.Steps), config.DeadSteps, constants);
    }
}
