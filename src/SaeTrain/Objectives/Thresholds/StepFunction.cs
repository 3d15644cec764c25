using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Thresholds;

/// <summary>
/// <c>s = 1[pre > theta]</c> with a straight-through gradient of the threshold:
/// <c>ds/dtheta = -(1 / eps) 1[|pre - theta| &lt; eps / 2]</c>, and none of pre.
/// </summary>
internal sealed class StepFunction : autograd.SingleTensorFunction<StepFunction>
{
    public override string Name => nameof(StepFunction);

    /// <summary>Applies the function.</summary>
    /// <param name="pre">Pre-activations [rows, n].</param>
    /// <param name="threshold">[n].</param>
    /// <param name="kernel">The window about the threshold.</param>
    public static Tensor Of(Tensor pre, Tensor threshold, ThresholdKernel kernel)
    {
        return apply(pre, threshold, kernel);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var pre = (Tensor)vars[0];
        var threshold = (Tensor)vars[1];
        ctx.save_for_backward([pre, threshold]);
        ctx.save_data(nameof(ThresholdKernel), vars[2]);
        return pre.gt(threshold).to(ScalarType.Float32);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor pre, Tensor threshold) = (saved[0], saved[1]);
        var kernel = (ThresholdKernel)ctx.get_data(nameof(ThresholdKernel));
        Tensor through = kernel.Within(pre, threshold).mul_(grad_output);
        Tensor preGradient = kernel.ToInput ? through.clone() : zeros_like(pre);
        return [preGradient.MoveToOuterDisposeScope(), through.sum(dim: 0).neg_().MoveToOuterDisposeScope(), null!];
    }
}
