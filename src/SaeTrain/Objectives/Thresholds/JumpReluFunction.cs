using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Thresholds;

/// <summary>
/// <c>z = pre 1[pre > theta]</c> with a straight-through gradient of the threshold (Rajamanoharan et al. 2024):
/// <c>dz/dpre = 1[pre > theta]</c>, <c>dz/dtheta = -(theta / eps) 1[|pre - theta| &lt; eps / 2]</c>.
/// </summary>
internal sealed class JumpReluFunction : autograd.SingleTensorFunction<JumpReluFunction>
{
    public override string Name => nameof(JumpReluFunction);

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
        return where(pre.gt(threshold), pre, zeros([], device: pre.device));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor pre, Tensor threshold) = (saved[0], saved[1]);
        var kernel = (ThresholdKernel)ctx.get_data(nameof(ThresholdKernel));
        Tensor through = kernel.Within(pre, threshold).mul_(grad_output).mul_(threshold);
        Tensor preGradient = grad_output.mul(pre.gt(threshold));
        if (kernel.ToInput)
        {
            preGradient.add_(through);
        }

        return [preGradient.MoveToOuterDisposeScope(), through.sum(dim: 0).neg_().MoveToOuterDisposeScope(), null!];
    }
}
