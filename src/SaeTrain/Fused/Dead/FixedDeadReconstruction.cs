using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Dead;

/// <summary>The same from latents that are held fixed, so that the encoder gets no gradient.</summary>
internal sealed class FixedDeadReconstruction(FusedContext context, int count) : RectifiedDeadReconstruction(context, count)
{
    protected override Tensor? LatentPull(Tensor pull, Tensor decoder, Tensor mask)
    {
        return null;
    }
}
