using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>
/// dictionary_learning's <c>StandardTrainer</c>: ReLU with an L1 penalty, decoder rows of unit norm, encoder its transpose at the
/// start with rows of norm 0.1; silent latents are resampled on request. The peer allows no decay beside resampling; here both go.
/// </summary>
internal sealed class DictionaryLearningStandardRecipe : DictionaryLearningRecipe<DictionaryLearningStandardOptions>
{
    public override string Name => "dictionary-learning-standard";

    public override string Architecture => "standard";

    public override ILearningRate LearningRate(TrainingConfig config)
    {
        return Read(config).ResampleSteps is long period
            ? new RepeatingWarmUp(config.LearningRate, config.WarmUpSteps, period, config.DecaySteps, config.Steps)
            : base.LearningRate(config);
    }

    protected override DictionaryLearningStandardOptions DefaultOptions(RunSizes sizes)
    {
        return new DictionaryLearningStandardOptions { L1Penalty = 0.1, SparsityWarmupSteps = WarmUp(2000, sizes.Steps, 10) };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, DictionaryLearningStandardOptions options, TrainingBatch sample, Generator random)
    {
        return SmallTied(config, random);
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningStandardOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningStandardObjective(parameters, options, config.DeadSteps, constants, new SeededRowDraw(config.Seed));
    }
}
