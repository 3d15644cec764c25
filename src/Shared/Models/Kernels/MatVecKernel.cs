using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>
/// y = W x for a few rows of x, as generation does one token at a time. Reading W is all the cost, so bfloat16 weights are widened
/// on the way and everything else stays float32; this needs no bfloat16 instructions.
/// </summary>
internal static unsafe class MatVecKernel
{
    /// <summary>Multiplies.</summary>
    /// <param name="weight">[outputs, inputs], contiguous, float32 or bfloat16, on the CPU.</param>
    /// <param name="x">float32 [rows, inputs].</param>
    /// <param name="y">float32 [rows, outputs].</param>
    public static void Apply(Tensor weight, Tensor x, Tensor y)
    {
        if (weight.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(weight, x, y);
        }
        else
        {
            Run<float, FloatElement>(weight, x, y);
        }
    }

    private static void Run<T, TElement>(Tensor weight, Tensor x, Tensor y)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int outputs = (int)weight.shape[0];
        int inputs = (int)weight.shape[1];
        int rows = (int)(x.numel() / inputs);
        T* w = TensorMemory.Pointer<T>(weight);
        float* from = TensorMemory.Pointer<float>(x);
        float* to = TensorMemory.Pointer<float>(y);
        Rows.Split(outputs, Math.Max(1, (1 << 15) / inputs), (first, end) =>
        {
            for (int output = first; output < end; output++)
            {
                for (int row = 0; row < rows; row++)
                {
                    to[((long)row * outputs) + output] = Dot<T, TElement>(w + ((long)output * inputs), from + ((long)row * inputs), inputs);
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T, TElement>(T* w, float* x, int length)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Vector256<float> a = Vector256<float>.Zero;
        Vector256<float> b = Vector256<float>.Zero;
        Vector256<float> c = Vector256<float>.Zero;
        Vector256<float> d = Vector256<float>.Zero;
        int i = 0;
        for (; i <= length - 32; i += 32)
        {
            a = Vector256.FusedMultiplyAdd(TElement.Load(w + i), Vector256.Load(x + i), a);
            b = Vector256.FusedMultiplyAdd(TElement.Load(w + i + 8), Vector256.Load(x + i + 8), b);
            c = Vector256.FusedMultiplyAdd(TElement.Load(w + i + 16), Vector256.Load(x + i + 16), c);
            d = Vector256.FusedMultiplyAdd(TElement.Load(w + i + 24), Vector256.Load(x + i + 24), d);
        }

        float sum = Vector256.Sum((a + b) + (c + d));
        for (; i < length; i++)
        {
            sum += TElement.Read(w[i]) * x[i];
        }

        return sum;
    }
}
