using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>SAELens' <c>jumprelu</c>: a trained threshold for each latent, a penalty on what is above it, a pull on dead latents.</summary>
/// <param name="penalty">The penalty, which is the end of the recipe's name.</param>
internal abstract class SaeLensJumpReluRecipe(SparsityPenalty penalty) : SaeLensRecipe<SaeLensJumpReluOptions>
{
    public override string Name => $"saelens-jumprelu-{penalty.ToString().ToLowerInvariant()}";

    public override string Architecture => "jumprelu";

    protected override IEnumerable<(string Name, Tensor Value)> Biases(TrainingConfig config, SaeLensJumpReluOptions options)
    {
        return
        [
            (ParameterNames.EncoderBias, zeros(config.Latents)),
            (ParameterNames.Threshold, full(config.Latents, (float)options.JumpreluInitThreshold)),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensJumpReluOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensJumpReluObjective(parameters, options, penalty, constants.InputScale, config.DeadSteps);
    }
}
