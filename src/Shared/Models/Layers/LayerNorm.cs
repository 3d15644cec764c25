using Workbench.Models.Kernels;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>(x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias.</summary>
internal sealed unsafe class LayerNorm(Tensor weight, Tensor bias, double epsilon) : Norm(weight, epsilon)
{
    private readonly Tensor _bias = bias.DetachFromDisposeScope();

    public override IEnumerable<Tensor> Weights => [Weight, _bias];

    public override void Apply(Tensor residual, Tensor? added, Tensor target)
    {
        LayerNormKernel.Apply(residual, added, (Weight, _bias), Epsilon, target);
    }

    public override void Apply(float* x, void* y, int rows, ScalarType type)
    {
        if (type == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(x, (ushort*)y, rows);
        }
        else
        {
            Run<float, FloatElement>(x, (float*)y, rows);
        }
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

    private void Run<T, TElement>(float* x, T* y, int rows)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = (int)Weight.numel();
        float* factor = TensorMemory.Pointer<float>(Weight);
        float* offset = TensorMemory.Pointer<float>(_bias);
        for (int row = 0; row < rows; row++)
        {
            LayerNormKernel.Row<T, TElement>(x, null, factor, offset, Epsilon, y, width);
            x += width;
            y += width;
        }
    }
}
