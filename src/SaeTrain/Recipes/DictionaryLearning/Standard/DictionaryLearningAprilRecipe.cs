using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>
/// dictionary_learning's <c>StandardTrainerAprilUpdate</c>: ReLU with an L1 penalty weighted by decoder norms, decoder free,
/// gradients clipped at norm 1.
/// </summary>
internal sealed class DictionaryLearningAprilRecipe : DictionaryLearningRecipe<DictionaryLearningAprilOptions>
{
    public override string Name => "dictionary-learning-standard-april";

    public override string Architecture => "standard";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return base.Defaults(sizes) with { ClipNorm = 1 };
    }

    protected override DictionaryLearningAprilOptions DefaultOptions(RunSizes sizes)
    {
        return new DictionaryLearningAprilOptions { L1Penalty = 0.1, SparsityWarmupSteps = WarmUp(2000, sizes.Steps, 10) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, DictionaryLearningAprilOptions options, TrainingBatch sample, Generator random)
    {
        return SmallTied(config, random);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningAprilOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningAprilObjective(parameters, options, config.DeadSteps, constants);
    }
}
