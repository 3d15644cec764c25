using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.Gated;

/// <summary>SAELens' <c>gated</c> (Rajamanoharan et al. 2024): one product decides which latents are on, a rescaled one how much.</summary>
internal sealed class SaeLensGatedRecipe : SaeLensRecipe<SaeLensGatedOptions>
{
    public override string Name => "saelens-gated";

    public override string Architecture => "gated";

    protected override SaeLensGatedOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensGatedOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L1Coefficient = 2, L1WarmUpSteps = sizes.Steps / 20 };
    }

    protected override IEnumerable<(string Name, Tensor Value)> Biases(TrainingConfig config, SaeLensGatedOptions options)
    {
        return
        [
            (ParameterNames.GateBias, zeros(config.Latents)),
            (ParameterNames.MagnitudeScale, zeros(config.Latents)),
            (ParameterNames.MagnitudeBias, zeros(config.Latents)),
        ];
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensGatedOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensGatedObjective(parameters, options, constants.InputScale, config.DeadSteps);
    }
}
