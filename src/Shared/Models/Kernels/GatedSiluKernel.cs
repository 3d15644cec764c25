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
            Vector256<float> silu = value / (Vector256<float>.One + Exp(-value));
            TElement.Store(target + i, silu * TElement.Load(up + i));
        }

        for (; i < width; i++)
        {
            float value = TElement.Read(gate[i]);
            target[i] = TElement.Round(value / (1 + MathF.Exp(-value)) * TElement.Read(up[i]));
        }
    }

    /// <summary>
    /// exp(x) to about 1e-7 relative: 2^n e^r with n = round(x / ln 2) and a polynomial of degree 6 in r (Cephes' coefficients).
    /// Clamped to +-87, beyond which silu is x or 0 to the last bit that matters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(87f));
        Vector256<float> n = Vector256.Round(x * 1.44269504f);
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);
        Vector256<int> exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23);
        return p * exponent.AsSingle();
    }
}
