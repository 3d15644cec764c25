using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Dead;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.OpenAi;

/// <summary>The fused form of <see cref="OpenAiTopKObjective"/>.</summary>
internal sealed class OpenAiTopKFused(FusedContext context, OpenAiTopKObjective objective) : FusedRecipe(context)
{
    private readonly RectifiedDeadReconstruction _dead = new(context, objective.Options.Auxk);

    public override LatentSelection Selection { get; } = Selections.TopK(context, objective.Options.K, scaled: false);

    public override ReconstructionPlan Reconstruction { get; } = ReconstructionPlan.Whole(context.Latents, objective.ErrorScale / context.Width);

    public override LatentGradients Gradients(DecodePass decoded)
    {
        return new UnitDecoderGradients(Context, decoded);
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        objective.Counters.Count(Context.Fired(OpenAiTopKObjective.FiredAbove), amount: 1, afterFiring: 1);
        Context.Extra.Begin(objective.Counters.Above(objective.DeadSteps));
        double error = Reconstruction.Scale * decoded.Squares[0] / batch.Rows;
        double auxiliary = Auxiliary(batch.Rows, decoded);
        return new FusedLosses(
            error + (objective.Options.AuxkCoef * auxiliary),
            new Dictionary<string, double> { ["recon_loss"] = error, ["auxk_loss"] = auxiliary },
            Context.Extra.Latents.Length);
    }

    /// <remarks>Prediction and target both contain the decoder bias, so it cancels in the value; only the prediction's passes a gradient.</remarks>
    private double Auxiliary(int rows, DecodePass decoded)
    {
        double elements = (double)rows * Context.Width;
        double[] sums = [.. decoded.BiasGradient.Select(sum => sum / decoded.Factor(0))];
        double spread = (decoded.Squares[0] - sums.Sum(sum => sum * sum / rows)) / elements;
        if (!(spread > 0))
        {
            return 0;
        }

        double weight = objective.Options.AuxkCoef / (elements * spread);
        if (Context.Extra.Latents.Length == 0)
        {
            Add([.. sums.Select(sum => 2 * weight * sum)]);
            return decoded.Squares[0] / elements / spread;
        }

        using Tensor bias = zeros(Context.Width, ScalarType.Float64);
        double squares = _dead.Add(0, Context.Extra.Latents.Length, (first, count) => decoded.Residual(0, first, count), weight, bias);
        Add(bias.data<double>().ToArray());
        return squares / elements / spread;
    }

    private void Add(double[] gradient)
    {
        for (int column = 0; column < gradient.Length; column++)
        {
            Context.Extra.DecoderBias[column] += gradient[column];
        }
    }
}
