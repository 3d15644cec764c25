using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>
/// A running threshold for inference, <c>t = (1 - r) t + r m</c> with m the smallest positive latent that a batch kept: float64,
/// from 0, without correction of the start. A batch without a positive latent leaves it alone.
/// </summary>
/// <param name="rate">r.</param>
/// <param name="device">The device of training.</param>
internal sealed class ThresholdAverage(double rate, Device device)
{
    /// <summary>The threshold, a float64 scalar on the device of training.</summary>
    public Tensor Value { get; } = zeros([], ScalarType.Float64, device).DetachFromDisposeScope();

    /// <summary>Moves the threshold.</summary>
    /// <param name="kept">Kept latents of a batch, of any shape; those that are not positive do not count.</param>
    public void Update(Tensor kept)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor values = kept.detach().to(ScalarType.Float64).reshape(-1);
        Tensor smallest = values.masked_fill(values.le(0.0), double.PositiveInfinity).min();
        Tensor moved = (Value * (1 - rate)) + (smallest * rate);
        Value.copy_(where(smallest.isfinite(), moved, Value));
    }
}
