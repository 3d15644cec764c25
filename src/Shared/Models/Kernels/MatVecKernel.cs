using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
    private const int Lanes = 16;
    private const int RowsTogether = 4;
    private const int CacheLine = 64;

    // Best of what was tried at rows of 576 to 1,536 weights; weights are read once a token, so only the nearest cache takes them.
    private const int BytesAhead = 9 << 10;
    private const int LeastPartBytes = 1 << 16;
    private const int PartsPerThread = 8;

    /// <summary>Multiplies.</summary>
    /// <param name="weight">[outputs, inputs], contiguous, float32 or bfloat16, on the CPU.</param>
    /// <param name="x">float32 [rows, inputs].</param>
    /// <param name="y">float32 [rows, outputs].</param>
    public static void Apply(Tensor weight, Tensor x, Tensor y)
    {
        if (weight.dtype == ScalarType.BFloat16)
        {
            Run<ushort>(weight, x, y);
        }
        else
        {
            Run<float>(weight, x, y);
        }
    }

    private static void Run<T>(Tensor weight, Tensor x, Tensor y)
        where T : unmanaged
    {
        int outputs = (int)weight.shape[0];
        int inputs = (int)weight.shape[1];
        int rows = (int)(x.numel() / inputs);
        T* w = TensorMemory.Pointer<T>(weight);
        float* from = TensorMemory.Pointer<float>(x);
        float* to = TensorMemory.Pointer<float>(y);

        // Several parts a thread, so that one that was interrupted does not keep the others waiting.
        long bytes = (long)outputs * inputs * sizeof(T);
        int parts = (int)Math.Min((long)get_num_threads() * PartsPerThread, bytes / LeastPartBytes);
        int perPart = ((outputs / Math.Max(parts, 1)) + RowsTogether) / RowsTogether * RowsTogether;
        WakefulThreads.For((outputs + perPart - 1) / perPart, part =>
        {
            int end = Math.Min(outputs, (part + 1) * perPart);
            int output = part * perPart;
            for (; output <= end - RowsTogether; output += RowsTogether)
            {
                for (int row = 0; row < rows; row++)
                {
                    Dots(w + ((long)output * inputs), from + ((long)row * inputs), inputs, to + ((long)row * outputs) + output);
                }
            }

            for (; output < end; output++)
            {
                for (int row = 0; row < rows; row++)
                {
                    to[((long)row * outputs) + output] = Dot(w + ((long)output * inputs), from + ((long)row * inputs), inputs);
                }
            }
        });
    }

    /// <summary>
    /// Four rows of weights at once, whose sums do not wait for each other. What comes next is asked for meanwhile: what the processor
    /// foresees by itself ends at the border of a page, and comes to a third of the memory's rate.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<T>(T* w, float* x, int length, float* y)
        where T : unmanaged
    {
        T* w1 = w + length;
        T* w2 = w1 + length;
        T* w3 = w2 + length;
        Vector512<float> a = Vector512<float>.Zero;
        Vector512<float> b = Vector512<float>.Zero;
        Vector512<float> c = Vector512<float>.Zero;
        Vector512<float> d = Vector512<float>.Zero;
        T* ahead = w + (BytesAhead / sizeof(T));
        int i = 0;
        for (; i <= length - (2 * Lanes); i += 2 * Lanes)
        {
            Prefetch(ahead + (RowsTogether * i));
            Vector512<float> value = Vector512.Load(x + i);
            a = Vector512.FusedMultiplyAdd(Load(w + i), value, a);
            b = Vector512.FusedMultiplyAdd(Load(w1 + i), value, b);
            c = Vector512.FusedMultiplyAdd(Load(w2 + i), value, c);
            d = Vector512.FusedMultiplyAdd(Load(w3 + i), value, d);
            value = Vector512.Load(x + i + Lanes);
            a = Vector512.FusedMultiplyAdd(Load(w + i + Lanes), value, a);
            b = Vector512.FusedMultiplyAdd(Load(w1 + i + Lanes), value, b);
            c = Vector512.FusedMultiplyAdd(Load(w2 + i + Lanes), value, c);
            d = Vector512.FusedMultiplyAdd(Load(w3 + i + Lanes), value, d);
        }

        for (; i <= length - Lanes; i += Lanes)
        {
            Vector512<float> value = Vector512.Load(x + i);
            a = Vector512.FusedMultiplyAdd(Load(w + i), value, a);
            b = Vector512.FusedMultiplyAdd(Load(w1 + i), value, b);
            c = Vector512.FusedMultiplyAdd(Load(w2 + i), value, c);
            d = Vector512.FusedMultiplyAdd(Load(w3 + i), value, d);
        }

        y[0] = Vector512.Sum(a) + Rest(w, x, i, length);
        y[1] = Vector512.Sum(b) + Rest(w1, x, i, length);
        y[2] = Vector512.Sum(c) + Rest(w2, x, i, length);
        y[3] = Vector512.Sum(d) + Rest(w3, x, i, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T>(T* w, float* x, int length)
        where T : unmanaged
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Load(w + i), Vector512.Load(x + i), sum);
        }

        return Vector512.Sum(sum) + Rest(w, x, i, length);
    }

    /// <summary>Asks for as many weights as one step of four rows takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(T* weights)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        byte* at = (byte*)weights;
        Sse.PrefetchNonTemporal(at);
        Sse.PrefetchNonTemporal(at + CacheLine);
        Sse.PrefetchNonTemporal(at + (2 * CacheLine));
        Sse.PrefetchNonTemporal(at + (3 * CacheLine));
        if (typeof(T) == typeof(float))
        {
            Sse.PrefetchNonTemporal(at + (4 * CacheLine));
            Sse.PrefetchNonTemporal(at + (5 * CacheLine));
            Sse.PrefetchNonTemporal(at + (6 * CacheLine));
            Sse.PrefetchNonTemporal(at + (7 * CacheLine));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest<T>(T* w, float* x, int from, int length)
        where T : unmanaged
    {
        float sum = 0;
        for (int i = from; i < length; i++)
        {
            sum += (typeof(T) == typeof(ushort) ? BFloat16Element.Read(((ushort*)w)[i]) : ((float*)w)[i]) * x[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load<T>(T* w)
        where T : unmanaged
    {
        if (typeof(T) != typeof(ushort))
        {
            return Vector512.Load((float*)w);
        }

        if (Avx512F.IsSupported)
        {
            return (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)w)) << 16).AsSingle();
        }

        return Vector512.Create(BFloat16Element.Load((ushort*)w), BFloat16Element.Load((ushort*)w + (Lanes / 2)));
    }
}
