using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Dead;

/// <summary>The same with a ReLU after the choice.</summary>
internal class RectifiedDeadReconstruction(FusedContext context, int count) : DeadReconstruction(context, count, scaled: false)
{
    protected override Tensor Mask(Tensor preActivations, Tensor scores)
    {
        return base.Mask(preActivations, scores) * (preActivations > 0).to(ScalarType.Float32);
    }
}
