using TorchSharp;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Backends;

/// <summary>Steps by automatic differentiation of the objective, on any device: the reference of every recipe.</summary>
/// <param name="objective">What is minimised.</param>
/// <param name="optimizer">The optimiser of its parameters.</param>
/// <param name="clipNorm">Largest gradient norm, or null for no clipping.</param>
/// <param name="mean">Mean of the scaled targets over the data set [d_out], to report FVU against; null to leave it out.</param>
internal sealed class AutogradBackend(ITrainingObjective objective, IOptimizer optimizer, double? clipNorm, Tensor? mean) : ITrainingBackend
{
    private const double ClipEpsilon = 1e-6;

    public StepReport? Step(TrainingBatch batch, long step, double learningRate, bool report)
    {
        using var scope = NewDisposeScope();
        ForwardPass pass = objective.Forward(batch, step);
        if (report)
        {
            Divergence.Refuse(step, batch, pass.Losses.Total);
        }

        pass.Losses.Total.backward();
        objective.AfterBackward();
        Tensor norm = Clip();
        objective.BeforeUpdate();
        optimizer.Step(learningRate);
        objective.AfterUpdate(batch, step, optimizer);
        objective.Parameters.ClearGradients();
        return report ? StepReport.Of(step, batch, learningRate, pass, norm, objective.Readings, mean) : null;
    }

    public void Dispose()
    {
    }

    private Tensor Clip()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. objective.Parameters.All.Select(parameter => parameter.Value.grad).OfType<Tensor>()];
        Tensor norm = gradients.Select(gradient => gradient.pow(2).sum(ScalarType.Float64)).Aggregate((a, b) => a + b).sqrt();
        if (clipNorm is double limit)
        {
            Tensor factor = (limit / (norm + ClipEpsilon)).clamp_max(1).to(ScalarType.Float32);
            foreach (Tensor gradient in gradients)
            {
                gradient.mul_(factor);
            }
        }

        return norm.MoveToOuterDisposeScope();
    }
}
