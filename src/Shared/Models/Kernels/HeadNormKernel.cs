using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>RMS norm in place of neighbouring slices of each row, such as the heads of the queries; in float32 whatever the rows' type.</summary>
internal static unsafe class HeadNormKernel
{
    /// <summary>Normalises.</summary>
    /// <param name="rows">[rows, row width], float32 or bfloat16.</param>
    /// <param name="first">First element of the first slice in a row.</param>
    /// <param name="slices">Number of slices, each as wide as the weight.</param>
    /// <param name="weight">float32 [slice width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static void Apply(Tensor rows, int first, int slices, Tensor weight, double epsilon)
    {
        if (rows.device_type != DeviceType.CPU)
        {
            Reference(rows, first, slices, weight, epsilon);
            return;
        }

        Rows.Split((int)rows.shape[0], 16, (from, to) => Apply(rows, from, to, first, slices, weight, epsilon));
    }

    /// <summary>The same to the rows from one to before another, in the CPU's memory.</summary>
    public static void Apply(Tensor rows, int from, int to, int first, int slices, Tensor weight, double epsilon)
    {
        if (rows.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(rows, from, to, first, slices, weight, epsilon);
        }
        else
        {
            Run<float, FloatElement>(rows, from, to, first, slices, weight, epsilon);
        }
    }

    /// <summary>The same in libtorch's operations, for other devices.</summary>
    internal static void Reference(Tensor rows, int first, int slices, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        long width = weight.numel();
        Tensor part = rows.narrow(1, first, slices * width).view(-1, slices, width);
        Tensor wide = part.to(ScalarType.Float32);
        part.copy_(wide * rsqrt(wide.square().mean([-1], keepdim: true) + epsilon) * weight);
    }

    private static void Run<T, TElement>(Tensor rows, int from, int to, int first, int slices, Tensor weight, double epsilon)
        where T : unmanaged
        where TElement : IElement<T>
    {
        long rowWidth = rows.shape[1];
        int width = (int)weight.numel();
        T* x = TensorMemory.Pointer<T>(rows) + first;
        float* factor = TensorMemory.Pointer<float>(weight);
        for (int row = from; row < to; row++)
        {
            for (int slice = 0; slice < slices; slice++)
            {
                Slice<T, TElement>(x + (row * rowWidth) + ((long)slice * width), factor, width, epsilon);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slice<T, TElement>(T* x, float* factor, int width, double epsilon)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = TElement.Load(x + i);
            sum = Vector256.FusedMultiplyAdd(value, value, sum);
        }

        float total = Vector256.Sum(sum);
        for (; i < width; i++)
        {
            total += TElement.Read(x[i]) * TElement.Read(x[i]);
        }

        float scale = (float)(1 / Math.Sqrt((total / width) + epsilon));
        for (i = 0; i <= width - 8; i += 8)
        {
            TElement.Store(x + i, TElement.Load(x + i) * scale * Vector256.Load(factor + i));
        }

        for (; i < width; i++)
        {
            x[i] = TElement.Round(TElement.Read(x[i]) * scale * factor[i]);
        }
    }
}
