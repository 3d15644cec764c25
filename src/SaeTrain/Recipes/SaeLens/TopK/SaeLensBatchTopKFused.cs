using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>The fused form of <see cref="SaeLensBatchTopKObjective"/>, and what its nested form shares.</summary>
internal class SaeLensBatchTopKFused(FusedContext context, SaeLensBatchObjective objective) : FusedRecipe(context)
{
    private readonly BatchTopKSelection _selection = Selections.BatchTopK(context, objective.Options.K, objective.Options.RescaleActsByDecoderNorm);

    public override LatentSelection Selection => _selection;

    public override ReconstructionPlan Reconstruction { get; } = ReconstructionPlan.Whole(context.Latents, 1);

    /// <summary>AuxK.</summary>
    protected SaeLensAuxiliaryFused Auxiliary { get; } = new(context, objective.Options.AuxLossCoefficient, objective.Options.RescaleActsByDecoderNorm);

    public override void Begin(TrainingBatch batch, long step)
    {
        Context.Extra.Begin(objective.Counters.Above(objective.DeadSteps));
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        FusedLosses losses = Losses(batch.Rows, decoded);
        using Tensor least = tensor(new[] { _selection.Least });
        objective.Threshold.Update(least);
        objective.Counters.Count(Context.Fired(above: 0), amount: 1, afterFiring: 0);
        return losses;
    }

    /// <summary>The losses of a batch; adds the gradients of the auxiliary one.</summary>
    protected virtual FusedLosses Losses(int rows, DecodePass decoded)
    {
        double error = decoded.Squares[0] / rows;
        double auxiliary = Auxiliary.Whole(decoded);
        return new FusedLosses(
            error + auxiliary,
            new Dictionary<string, double> { ["mse_loss"] = error, ["auxiliary_reconstruction_loss"] = auxiliary },
            Context.Extra.Latents.Length);
    }
}
