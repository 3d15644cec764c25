using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>SAELens' <c>topk</c>: top-k in units of the decoder norm, AuxK on half the width.</summary>
internal sealed class SaeLensTopKRecipe : SaeLensRecipe<SaeLensTopKOptions>
{
    public override string Name => "saelens-topk";

    public override string Architecture => "topk";

    protected override SaeLensTopKOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensTopKOptions { K = Math.Min(32, sizes.Latents) };
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensTopKOptions options, ParameterSet parameters, DataConstants constants)
    {
        return new SaeLensTopKObjective(parameters, options, constants.InputScale, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
