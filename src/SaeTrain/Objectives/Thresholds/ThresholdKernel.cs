using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Thresholds;

/// <summary>The rectangular window by which activations near a threshold move it.</summary>
/// <param name="Bandwidth">Its full width, eps.</param>
/// <param name="ToInput">Whether what moves a threshold also moves pre-activations, the other way.</param>
internal sealed record ThresholdKernel(double Bandwidth, bool ToInput)
{
    /// <summary><c>1 / eps</c> where <c>|pre - theta| &lt; eps / 2</c>, strictly, else 0.</summary>
    /// <param name="pre">[rows, n].</param>
    /// <param name="threshold">[n].</param>
    public Tensor Within(Tensor pre, Tensor threshold)
    {
        Tensor distance = pre.sub(threshold).div_(Bandwidth).abs_();
        return distance.lt(0.5).to(ScalarType.Float32).mul_(1 / Bandwidth);
    }
}
