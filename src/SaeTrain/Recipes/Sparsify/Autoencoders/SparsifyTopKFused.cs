using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Dead;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>The fused form of <see cref="SparsifyTopKObjective"/>.</summary>
internal sealed class SparsifyTopKFused(FusedContext context, SparsifyTopKObjective objective) : FusedRecipe(context)
{
    private readonly TopKSelection _selection = Selections.TopK(context, objective.MostKept, scaled: false);
    private readonly int _mostDead = Math.Max(1, context.Width / 2);
    private readonly FixedDeadReconstruction _dead = new(context, Math.Max(1, context.Width / 2));
    private double _variance;

    public override LatentSelection Selection => _selection;

    /// <summary>The squared error in units of the batch's variance.</summary>
    public override ReconstructionPlan Reconstruction => ReconstructionPlan.Whole(Context.Latents, Context.Entries.Rows / _variance);

    public override LatentGradients Gradients(DecodePass decoded)
    {
        return objective.Options.NormalizeDecoder ? new ProjectedGradients(Context, decoded, epsilon: 0) : base.Gradients(decoded);
    }

    public override void Begin(TrainingBatch batch, long step)
    {
        objective.NormaliseDecoder();
        _selection.K = objective.KeptAt(step);
        Context.Extra.Begin(objective.Dead());
        using Tensor centred = batch.Target - batch.Target.mean([0]);
        _variance = centred.square().sum(ScalarType.Float64).item<double>();
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        double error = decoded.Squares[0] / _variance;
        double auxiliary = Auxiliary(decoded);
        objective.Count(Context.Fired(above: 0), tensor((batch.Rows * (long)_selection.K) - decoded.Active), batch.Rows);
        return new FusedLosses(
            error + (objective.Options.AuxkAlpha * auxiliary),
            new Dictionary<string, double> { ["fvu"] = error, ["auxk_loss"] = auxiliary, ["multi_topk_fvu"] = 0 },
            Context.Extra.Latents.Length);
    }

    private double Auxiliary(DecodePass decoded)
    {
        int dead = Context.Extra.Latents.Length;
        if (objective.Options.AuxkAlpha == 0 || dead == 0)
        {
            return 0;
        }

        double share = Math.Min(dead / (double)_mostDead, 1) / _variance;
        return share * _dead.Add(0, dead, (first, count) => decoded.Residual(0, first, count), objective.Options.AuxkAlpha * share, bias: null);
    }
}
