using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.JumpRelu;

/// <summary>
/// dictionary_learning's <c>JumpReluTrainer</c>: one threshold a latent, trained raw by a straight-through gradient towards a target
/// L0; decoder rows of unit norm, Adam without a first moment, gradients clipped at norm 1.
/// </summary>
internal sealed class DictionaryLearningJumpReluRecipe : DictionaryLearningRecipe<DictionaryLearningJumpReluOptions>
{
    private const float InitialThreshold = 1e-3f;

    public override string Name => "dictionary-learning-jumprelu";

    public override string Architecture => "jumprelu";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return base.Defaults(sizes) with { Beta1 = 0, ClipNorm = 1 };
    }

    protected override DictionaryLearningJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new DictionaryLearningJumpReluOptions
        {
            Bandwidth = 1e-3,
            SparsityWarmupSteps = WarmUp(2000, sizes.Steps, 10),
            TargetL0 = Math.Min(20, sizes.Latents),
        };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Initialise(
        TrainingConfig config, DictionaryLearningJumpReluOptions options, TrainingBatch sample, Generator random)
    {
        Tensor decoder = UnitRows(rand(config.Latents, config.Width, generator: random) - 0.5);
        return [.. Tied(decoder), (ParameterNames.Threshold, full(config.Latents, InitialThreshold))];
    }

    protected override ITrainingObjective Objective(
        TrainingConfig config, DictionaryLearningJumpReluOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new DictionaryLearningJumpReluObjective(parameters, options, config.DeadSteps, constants);
    }
}
