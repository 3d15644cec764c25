using Workbench.Models.Kernels;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>(x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias.</summary>
internal sealed class LayerNorm(Tensor weight, Tensor bias, double epsilon) : Norm(weight, epsilon)
{
    private readonly Tensor _bias = bias.DetachFromDisposeScope();

    public override IEnumerable<Tensor> Weights => [Weight, _bias];

    public override void Apply(Tensor residual, Tensor? added, Tensor target)
    {
        LayerNormKernel.Apply(residual, added, (Weight, _bias), Epsilon, target);
    }

    public override void Normalise(Tensor source, Tensor target)
    {
        LayerNormKernel.Apply(source, null, null, Epsilon, target);
    }

    public override Tensor Affine(Tensor normalised)
    {
        return (normalised * Weight) + _bias;
    }

    public override Tensor Linear(Tensor directions)
    {
        return (directions - directions.mean([-1], keepdim: true)) * Weight;
    }

    public override void Dispose()
    {
        base.Dispose();
        _bias.Dispose();
    }
}
