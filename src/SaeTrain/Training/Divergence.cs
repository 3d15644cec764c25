using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>Refuses to go on from numbers that are not finite, and tells bad data from a bad learning rate.</summary>
internal static class Divergence
{
    /// <summary>Checks the loss of a step before it reaches the weights.</summary>
    /// <exception cref="WorkbenchException">The loss is not finite.</exception>
    public static void Refuse(long step, TrainingBatch batch, Tensor loss)
    {
        Refuse(step, batch, loss.item<float>());
    }

    /// <summary>Checks the loss of a step before it reaches the weights.</summary>
    /// <exception cref="WorkbenchException">The loss is not finite.</exception>
    public static void Refuse(long step, TrainingBatch batch, double loss)
    {
        if (double.IsFinite(loss))
        {
            return;
        }

        bool finite = batch.Input.isfinite().all().item<bool>() && batch.Target.isfinite().all().item<bool>();
        throw new WorkbenchException(finite
            ? $"The loss of step {step} is {loss}: training diverged; use a smaller --lr."
            : $"The batch of step {step} holds activations that are not finite; harvest again, with --dtype bfloat16 or float32 if values overflow.");
    }
}
