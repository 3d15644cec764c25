using Workbench.Models.Kernels;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>x / sqrt(mean(x^2) + epsilon) * weight.</summary>
internal sealed class RmsNorm(Tensor weight, double epsilon) : Norm(weight, epsilon)
{
    public override void Apply(Tensor residual, Tensor? added, Tensor target)
    {
        NormKernel.Apply(residual, added, Weight, Epsilon, target);
    }

    public override void Normalise(Tensor source, Tensor target)
    {
        NormKernel.Apply(source, null, null, Epsilon, target);
    }

    public override Tensor Affine(Tensor normalised)
    {
        return normalised * Weight;
    }

    public override Tensor Linear(Tensor directions)
    {
        return directions * Weight;
    }
}
