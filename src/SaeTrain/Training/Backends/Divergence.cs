using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Backends;

/// <summary>Refuses to go on from numbers that are not finite, and tells bad data from a bad learning rate.</summary>
internal static class Divergence
{
    /// <summary>
    /// The share of unexplained variance beyond which a training counts as diverged: no initialisation of a recipe comes near it, and
    /// nothing comes back from it.
    /// </summary>
    private const double LargestFvu = 1e6;

    /// <summary>Checks the loss of a step before it reaches the weights.</summary>
    /// <exception cref="DivergenceException">The loss is not finite.</exception>
    public static void Refuse(long step, TrainingBatch batch, Tensor loss)
    {
        Refuse(step, batch, loss.item<float>());
    }

    /// <summary>Checks the loss of a step before it reaches the weights.</summary>
    /// <exception cref="DivergenceException">The loss is not finite.</exception>
    public static void Refuse(long step, TrainingBatch batch, double loss)
    {
        if (double.IsFinite(loss))
        {
            return;
        }

        bool finite = batch.Input.isfinite().all().item<bool>() && batch.Target.isfinite().all().item<bool>();
        throw new DivergenceException(
            step,
            !finite,
            finite
                ? $"The loss of step {step} is {loss}: training diverged; use a smaller --lr and another --id."
                : $"The batch of step {step} holds activations that are not finite; harvest again, with --dtype bfloat16 or float32 if values overflow.");
    }

    /// <summary>Checks the numbers of a step that was done.</summary>
    /// <exception cref="DivergenceException">The reconstruction is far from the data.</exception>
    public static void Refuse(StepReport report)
    {
        if (report.Fvu is double share and > LargestFvu && double.IsFinite(share))
        {
            throw new DivergenceException(
                report.Step, false, $"The FVU of step {report.Step} is {share:g3}: training diverged; use a smaller --lr and another --id.");
        }
    }
}
