using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>The fused form of <see cref="SaeLensTopKObjective"/>.</summary>
internal sealed class SaeLensTopKFused(FusedContext context, SaeLensTopKObjective objective) : FusedRecipe(context)
{
    private readonly SaeLensAuxiliaryFused _auxiliary = new(context, objective.Options.AuxLossCoefficient, objective.Options.RescaleActsByDecoderNorm);

    public override LatentSelection Selection { get; } = Selections.TopK(context, objective.Options.K, objective.Options.RescaleActsByDecoderNorm);

    public override ReconstructionPlan Reconstruction { get; } = ReconstructionPlan.Whole(context.Latents, 1);

    public override void Begin(TrainingBatch batch, long step)
    {
        Context.Extra.Begin(objective.Counters.Above(objective.DeadSteps));
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        double error = decoded.Squares[0] / batch.Rows;
        double auxiliary = _auxiliary.Whole(decoded);
        objective.Counters.Count(Context.Fired(above: 0), amount: 1, afterFiring: 0);
        return new FusedLosses(
            error + auxiliary,
            new Dictionary<string, double> { ["mse_loss"] = error, ["auxiliary_reconstruction_loss"] = auxiliary },
            Context.Extra.Latents.Length);
    }
}
