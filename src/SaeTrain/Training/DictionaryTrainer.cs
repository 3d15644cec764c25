using TorchSharp;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>Runs single steps: forward, backward, the recipe's constraints, clipping, update.</summary>
/// <param name="objective">What is minimised.</param>
/// <param name="parameters">The weights.</param>
/// <param name="optimizer">The optimiser over them.</param>
/// <param name="schedule">The learning rate of each step.</param>
/// <param name="clipNorm">Largest gradient norm, or null for no clipping.</param>
internal sealed class DictionaryTrainer(
    ITrainingObjective objective,
    DictionaryParameters parameters,
    AdamOptimizer optimizer,
    LearningRateSchedule schedule,
    double? clipNorm)
{
    private const double ClipEpsilon = 1e-6;

    public ITrainingObjective Objective => objective;

    /// <summary>Steps done.</summary>
    public long Steps => optimizer.Steps;

    /// <summary>Does one step.</summary>
    /// <param name="batch">Activations [rows, d] on the parameters' device.</param>
    /// <param name="mean">The data set's mean [d], to report FVU against; null to leave it out.</param>
    /// <exception cref="WorkbenchException">The batch or the loss is not finite.</exception>
    public StepReport Step(Tensor batch, Tensor? mean)
    {
        using var scope = NewDisposeScope();
        long step = Steps;
        double learningRate = schedule.At(step);
        ForwardPass pass = objective.Forward(batch);
        double total = pass.Losses.Total.item<float>();
        RefuseDivergence(step, batch, total);
        pass.Losses.Total.backward();
        objective.AfterBackward();
        double norm = Clip();
        optimizer.Step(learningRate);
        parameters.ClearGradients();
        return new StepReport
        {
            Step = step,
            Tokens = (step + 1) * batch.shape[0],
            LearningRate = learningRate,
            Total = total,
            Losses = pass.Losses.Terms.ToDictionary(term => term.Name, term => (double)term.Value.item<float>()),
            GradientNorm = norm,
            Fvu = mean is null ? null : UnexplainedShare(batch, pass.Reconstruction, mean),
            L0 = pass.ActiveLatents,
            Dead = pass.DeadLatents,
        };
    }

    private static double UnexplainedShare(Tensor batch, Tensor reconstruction, Tensor mean)
    {
        using var noGradient = no_grad();
        Tensor unexplained = (batch - reconstruction).pow(2).sum(ScalarType.Float64);
        return (unexplained / (batch - mean).pow(2).sum(ScalarType.Float64)).item<double>();
    }

    private static void RefuseDivergence(long step, Tensor batch, double total)
    {
        if (double.IsFinite(total))
        {
            return;
        }

        throw new WorkbenchException(batch.isfinite().all().item<bool>()
            ? $"The loss of step {step} is {total}: training diverged; use a smaller --lr."
            : $"The batch of step {step} holds activations that are not finite; harvest again, with --dtype bfloat16 or float32 if values overflow.");
    }

    private double Clip()
    {
        using var noGradient = no_grad();
        Tensor sum = parameters.All.Select(parameter => parameter.Tensor.grad!.pow(2).sum(ScalarType.Float64)).Aggregate((a, b) => a + b);
        double norm = Math.Sqrt(sum.item<double>());
        if (clipNorm is double limit && limit / (norm + ClipEpsilon) < 1)
        {
            foreach ((_, Tensor tensor) in parameters.All)
            {
                tensor.grad!.mul_((float)(limit / (norm + ClipEpsilon)));
            }
        }

        return norm;
    }
}
