using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>Adds a sub-block's output to the residual stream and normalises the sum, as <see cref="NormKernel"/> does.</summary>
/// <remarks>Layer norm: y = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias, the variance from a second pass, in float32.</remarks>
internal static unsafe class LayerNormKernel
{
    /// <summary>Updates <paramref name="residual"/> and writes its norm.</summary>
    /// <param name="residual">float32 [rows, width], changed in place where there is an addend.</param>
    /// <param name="added">[rows, width] of the type of <paramref name="target"/>, or null.</param>
    /// <param name="affine">Weight and bias, float32 [width] each, or null for ones and zeros.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="target">float32 or bfloat16 [rows, width].</param>
    public static void Apply(Tensor residual, Tensor? added, (Tensor Weight, Tensor Bias)? affine, double epsilon, Tensor target)
    {
        if (residual.device_type != DeviceType.CPU)
        {
            Reference(residual, added, affine, epsilon, target);
        }
        else if (target.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(residual, added, affine, epsilon, target);
        }
        else
        {
            Run<float, FloatElement>(residual, added, affine, epsilon, target);
        }
    }

    /// <summary>The same in libtorch's operations, for other devices.</summary>
    internal static void Reference(Tensor residual, Tensor? added, (Tensor Weight, Tensor Bias)? affine, double epsilon, Tensor target)
    {
        using var scope = NewDisposeScope();
        if (added is not null)
        {
            residual.add_(added);
        }

        target.copy_(nn.functional.layer_norm(residual, [residual.shape[^1]], affine?.Weight, affine?.Bias, epsilon));
    }

    /// <summary>Updates one row of the stream and writes its norm.</summary>
    internal static void Row<T, TElement>(float* x, T* delta, float* factor, float* offset, double epsilon, T* y, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        float mean = AddedSum<T, TElement>(x, delta, width) / width;
        float variance = SquaredDeviation(x, mean, width) / width;
        float scale = (float)(1 / Math.Sqrt(variance + epsilon));
        Scale<T, TElement>(x, factor, offset, mean, scale, y, width);
    }

    private static void Run<T, TElement>(Tensor residual, Tensor? added, (Tensor Weight, Tensor Bias)? affine, double epsilon, Tensor target)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = (int)residual.shape[^1];
        float* x = TensorMemory.Pointer<float>(residual);
        T* delta = added is null ? null : TensorMemory.Pointer<T>(added);
        float* factor = affine is null ? null : TensorMemory.Pointer<float>(affine.Value.Weight);
        float* offset = affine is null ? null : TensorMemory.Pointer<float>(affine.Value.Bias);
        T* y = TensorMemory.Pointer<T>(target);
        Rows.Split((int)(residual.numel() / width), 16, (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                long start = (long)row * width;
                Row<T, TElement>(x + start, delta is null ? null : delta + start, factor, offset, epsilon, y + start, width);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float AddedSum<T, TElement>(float* x, T* delta, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i);
            if (delta is not null)
            {
                value += TElement.Load(delta + i);
                value.Store(x + i);
            }

            sum += value;
        }

        float total = Vector256.Sum(sum);
        for (; i < width; i++)
        {
            x[i] += delta is null ? 0 : TElement.Read(delta[i]);
            total += x[i];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SquaredDeviation(float* x, float mean, int width)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i) - Vector256.Create(mean);
            sum = Vector256.FusedMultiplyAdd(value, value, sum);
        }

        float total = Vector256.Sum(sum);
        for (; i < width; i++)
        {
            total += (x[i] - mean) * (x[i] - mean);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<T, TElement>(float* x, float* factor, float* offset, float mean, float scale, T* y, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = (Vector256.Load(x + i) - Vector256.Create(mean)) * scale;
            TElement.Store(y + i, factor is null ? value : Vector256.FusedMultiplyAdd(value, Vector256.Load(factor + i), Vector256.Load(offset + i)));
        }

        for (; i < width; i++)
        {
            float value = (x[i] - mean) * scale;
            y[i] = TElement.Round(factor is null ? value : (value * factor[i]) + offset[i]);
        }
    }
}
