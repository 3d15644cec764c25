using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>SwiGLU's product: silu(gate) * up, with silu(x) = x / (1 + exp(-x)).</summary>
internal static unsafe class GatedSiluKernel
{
    /// <summary>Multiplies the two halves of each row.</summary>
    /// <param name="gateUp">[rows, 2 width]: gate, then up; float32 or bfloat16.</param>
    /// <param name="target">[rows, width] of the same type.</param>
    public static void Apply(Tensor gateUp, Tensor target)
    {
        if (gateUp.device_type != DeviceType.CPU)
        {
            Reference(gateUp, target);
        }
        else if (gateUp.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(gateUp, target);
        }
        else
        {
            Run<float, FloatElement>(gateUp, target);
        }
    }

    /// <summary>The same in libtorch's operations, for other devices.</summary>
    internal static void Reference(Tensor gateUp, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = gateUp.to(ScalarType.Float32).chunk(2, -1);
        target.copy_(nn.functional.silu(halves[0]) * halves[1]);
    }

    private static void Run<T, TElement>(Tensor gateUp, Tensor target)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = (int)target.shape[^1];
        T* x = TensorMemory.Pointer<T>(gateUp);
        T* y = TensorMemory.Pointer<T>(target);
        Rows.Split((int)(target.numel() / width), 8, (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                Row<T, TElement>(x + ((long)row * 2 * width), y + ((long)row * width), width);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<T, TElement>(T* gate, T* target, int width)
        where T : unmanaged
        where TElement : IElement<T>
    {
        T* up = gate + width;
        int i = 0;
        for (; i <= width - 8; i += 8)
        {
            Vector256<float> value = TElement.Load(gate + i);
            Vector256<float> silu = value / (Vector256<float>.One + Exponential.Of(-value));
            TElement.Store(target + i, silu * TElement.Load(up + i));
        }

        for (; i < width; i++)
        {
            float value = TElement.Read(gate[i]);
            target[i] = TElement.Round(value / (1 + MathF.Exp(-value)) * TElement.Read(up[i]));
        }
    }
}
