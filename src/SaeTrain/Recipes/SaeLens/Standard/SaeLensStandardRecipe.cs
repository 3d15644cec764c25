using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.SaeLens.Standard;

/// <summary>SAELens' <c>standard</c>: ReLU with an L1 or Lp penalty in units of the decoder norm.</summary>
internal sealed class SaeLensStandardRecipe : SaeLensRecipe<SaeLensStandardOptions>
{
    public override string Name => "saelens-standard";

    public override string Architecture => "standard";

    protected override SaeLensStandardOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensStandardOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L1Coefficient = 1, L1WarmUpSteps = sizes.Steps / 20 };
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensStandardOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensStandardObjective(parameters, options, constants.InputScale, config.DeadSteps);
    }
}
