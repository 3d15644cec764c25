using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>SAELens' <c>batchtopk</c> (Bussmann et al. 2024): the largest latents of a whole batch, AuxK, exported as JumpReLU with a running threshold.</summary>
internal sealed class SaeLensBatchTopKRecipe : SaeLensRecipe<SaeLensBatchTopKOptions>
{
    public override string Name => "saelens-batchtopk";

    public override string Architecture => "batchtopk";

    protected override SaeLensBatchTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensBatchTopKOptions { K = Math.Min(32, sizes.Latents) };
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensBatchTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensBatchTopKObjective(parameters, options, constants.InputScale, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
