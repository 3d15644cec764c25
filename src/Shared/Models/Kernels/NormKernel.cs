using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>Adds a sub-block's output to the residual stream and normalises the sum, in one pass over memory.</summary>
/// <remarks>RMS norm: y = x / sqrt(mean(x^2) + epsilon) * weight, in float32 whatever the types of the operands.</remarks>
internal static unsafe class NormKernel
{
    /// <summary>Updates <paramref name="residual"/> and writes its norm.</summary>
    /// <param name="residual">float32 [rows, width], changed in place where there is an addend.</param>
    /// <param name="added">[rows, width] of the type of <paramref name="target"/>, or null.</param>
    /// <param name="weight">float32 [width], or null for ones.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="target">float32 or bfloat16 [rows, width].</param>
    public static void Apply(Tensor residual, Tensor? added, Tensor? weight, double epsilon, Tensor target)
    {
        if (residual.device_type != DeviceType.CPU)
        {
            Reference(residual, added, weight, epsilon, target);
        }
        else if (target.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(residual, added, weight, epsilon, target);
        }
        else
        {
            Run<float, FloatElement>(residual, added, weight, epsilon, target);
        }
    }

    /// <summary>The same in libtorch's operations, for other devices.</summary>
    internal static void Reference(Tensor residual, Tensor? added, Tensor? weight, double epsilon, Tensor target)
    {
        using var scope = NewDisposeScope();
        if (added is not null)
        {
            residual.add_(added);
        }

        Tensor normed = residual * rsqrt(residual.square().mean([-1], keepdim: true) + epsilon);
        target.copy_(weight is null ? normed : normed * weight);
    }

    /// <summary>Updates one row of the stream and writes its norm.</summary>
    internal static void Row<T, TElement>(float* x, T* delta, float* factor, double epsilon, T* y, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        float square = AddedSquare<T, TElement>(x, delta, width);
        float scale = (float)(1 / Math.Sqrt((square / width) + epsilon));
        Scale<T, TElement>(x, factor, scale, y, width);
    }

    private static void Run<T, TElement>(Tensor residual, Tensor? added, Tensor? weight, double epsilon, Tensor target)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = (int)residual.shape[^1];
        float* x = TensorMemory.Pointer<float>(residual);
        T* delta = added is null ? null : TensorMemory.Pointer<T>(added);
        float* factor = weight is null ? null : TensorMemory.Pointer<float>(weight);
        T* y = TensorMemory.Pointer<T>(target);
        Rows.Split((int)(residual.numel() / width), 16, (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                long start = (long)row * width;
                Row<T, TElement>(x + start, delta is null ? null : delta + start, factor, epsilon, y + start, width);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float AddedSquare<T, TElement>(float* x, T* delta, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> sum = Vector256<float>.Zero;
        Vector256<float> other = Vector256<float>.Zero;
        int i = 0;
        for (; i <= width - 16; i += 16)
        {
            Vector256<float> a = Added<T, TElement>(x, delta, i);
            Vector256<float> b = Added<T, TElement>(x, delta, i + 8);
            sum = Vector256.FusedMultiplyAdd(a, a, sum);
            other = Vector256.FusedMultiplyAdd(b, b, other);
        }

        float total = Vector256.Sum(sum + other);
        for (; i < width; i++)
        {
            x[i] += delta is null ? 0 : TElement.Read(delta[i]);
            total += x[i] * x[i];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Added<T, TElement>(float* x, T* delta, int i)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> value = Vector256.Load(x + i);
        if (delta is not null)
        {
            value += TElement.Load(delta + i);
            value.Store(x + i);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<T, TElement>(float* x, float* factor, float scale, T* y, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i) * scale;
            TElement.Store(y + i, factor is null ? value : value * Vector256.Load(factor + i));
        }

        for (; i < width; i++)
        {
            y[i] = TElement.Round(x[i] * scale * (factor is null ? 1 : factor[i]));
        }
    }
}
