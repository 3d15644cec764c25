using Workbench.Models.Kernels;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>x / sqrt(mean(x^2) + epsilon) * weight.</summary>
internal sealed unsafe class RmsNorm(Tensor weight, double epsilon) : Norm(weight, epsilon)
{
    public override void Apply(Tensor residual, Tensor? added, Tensor target)
    {
        NormKernel.Apply(residual, added, Weight, Epsilon, target);
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

    private void Run<T, TElement>(float* x, T* y, int rows)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = (int)Weight.numel();
        float* factor = TensorMemory.Pointer<float>(Weight);
        for (int row = 0; row < rows; row++)
        {
            NormKernel.Row<T, TElement>(x, null, factor, Epsilon, y, width);
            x += width;
            y += width;
        }
    }
}
