using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Dead;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>What the fused forms of <see cref="SelectingObjective"/> share; decoder rows are divided by their norms by the objective.</summary>
internal abstract class SelectingFused(FusedContext context, SelectingObjective objective) : FusedRecipe(context)
{
    private readonly RectifiedDeadReconstruction _dead = new(context, Math.Max(1, context.Width / 2));

    public override ReconstructionPlan Reconstruction { get; } = ReconstructionPlan.Whole(context.Latents, 1);

    public override LatentGradients Gradients(DecodePass decoded)
    {
        return new ProjectedGradients(Context, decoded, UnitDecoder.ProjectionEpsilon);
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        using Tensor smallest = tensor(Smallest());
        objective.Threshold.Update(smallest, step);
        Context.Extra.Begin(objective.CountDead(Context.Fired(above: 0), batch.Rows));
        double[] errors = [.. decoded.Squares.Select(squares => squares / batch.Rows)];
        double error = errors.Zip(Reconstruction.Weights, (part, weight) => part * weight).Sum();
        double auxiliary = Auxiliary(batch.Rows, decoded);
        var terms = new Dictionary<string, double> { ["l2_loss"] = error, ["auxk_loss"] = auxiliary };
        AddParts(terms, errors);
        return new FusedLosses(error + (objective.Options.AuxkAlpha * auxiliary), terms, Context.Extra.Latents.Length);
    }

    /// <summary>What the batch proposes as the threshold.</summary>
    protected abstract float Smallest();

    /// <summary>Adds further parts of the loss, for information.</summary>
    /// <param name="terms">Gains them.</param>
    /// <param name="errors">The mean squared error of each nested reconstruction.</param>
    protected virtual void AddParts(Dictionary<string, double> terms, double[] errors)
    {
    }

    private double Auxiliary(int rows, DecodePass decoded)
    {
        if (Context.Extra.Latents.Length == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        int last = decoded.Squares.Length - 1;
        Tensor residual = decoded.Residual(last, 0, rows);
        double spread = residual.sub_(residual.mean([0])).square().sum(ScalarType.Float64).item<double>();
        return spread > 0
            ? _dead.Add(0, Context.Extra.Latents.Length, (first, count) => decoded.Residual(last, first, count), objective.Options.AuxkAlpha / spread, bias: null) / spread
            : 0;
    }
}
