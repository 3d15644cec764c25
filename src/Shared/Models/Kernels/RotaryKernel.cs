using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>
/// Rotates queries and keys in place: element i of a head turns with element i + width / 2, where width, at most the head's, is what
/// is rotated; the rest of the head stays.
/// </summary>
internal static unsafe class RotaryKernel
{
    /// <summary>Rotates the first heads of each row.</summary>
    /// <param name="rows">[rows, row width], float32 or bfloat16; row r is position <c>r % seq</c> of its sequence.</param>
    /// <param name="heads">Heads to rotate: queries, then keys, from the row's start.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="cosine">float32 [seq, width / 2], for the positions of the rows.</param>
    /// <param name="sine">float32 [seq, width / 2].</param>
    public static void Apply(Tensor rows, int heads, int headDim, Tensor cosine, Tensor sine)
    {
        if (rows.device_type != DeviceType.CPU)
        {
            Reference(rows, heads, headDim, cosine, sine);
            return;
        }

        Rows.Split((int)rows.shape[0], 16, (from, to) => Apply(rows, from, to, heads, headDim, cosine, sine));
    }

    /// <summary>The same to the rows from one to before another, in the CPU's memory.</summary>
    public static void Apply(Tensor rows, int from, int to, int heads, int headDim, Tensor cosine, Tensor sine)
    {
        if (rows.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(rows, from, to, heads, headDim, cosine, sine);
        }
        else
        {
            Run<float, FloatElement>(rows, from, to, heads, headDim, cosine, sine);
        }
    }

    /// <summary>The same in libtorch's operations, for other devices.</summary>
    internal static void Reference(Tensor rows, int heads, int headDim, Tensor cosine, Tensor sine)
    {
        using var scope = NewDisposeScope();
        long length = cosine.shape[0];
        long half = cosine.shape[1];
        Tensor rotated = rows.narrow(1, 0, (long)heads * headDim).view(-1, length, heads, headDim).narrow(3, 0, 2 * half).unflatten(3, 2, half);
        Tensor first = rotated.select(3, 0).to(ScalarType.Float32);
        Tensor second = rotated.select(3, 1).to(ScalarType.Float32);
        Tensor c = cosine.unsqueeze(1);
        Tensor s = sine.unsqueeze(1);
        Tensor turned = stack([(first * c) - (second * s), (second * c) + (first * s)], 3);
        rotated.copy_(turned);
    }

    private static void Run<T, TElement>(Tensor rows, int from, int to, int heads, int headDim, Tensor cosine, Tensor sine)
        where T : unmanaged
        where TElement : IElement<T>
    {
        long rowWidth = rows.shape[1];
        int length = (int)cosine.shape[0];
        int half = (int)cosine.shape[1];
        T* x = TensorMemory.Pointer<T>(rows);
        float* c = TensorMemory.Pointer<float>(cosine);
        float* s = TensorMemory.Pointer<float>(sine);
        for (int row = from; row < to; row++)
        {
            long angle = (long)(row % length) * half;
            for (int head = 0; head < heads; head++)
            {
                Head<T, TElement>(x + (row * rowWidth) + ((long)head * headDim), half, c + angle, s + angle);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Head<T, TElement>(T* first, int half, float* cosine, float* sine)
        where T : unmanaged
        where TElement : IElement<T>
    {
        T* second = first + half;
        int i = 0;
        for (; i <= half - 8; i += 8)
        {
            Vector256<float> c = Vector256.Load(cosine + i);
            Vector256<float> s = Vector256.Load(sine + i);
            Vector256<float> a = TElement.Load(first + i);
            Vector256<float> b = TElement.Load(second + i);
            TElement.Store(first + i, (a * c) - (b * s));
            TElement.Store(second + i, (b * c) + (a * s));
        }

        for (; i < half; i++)
        {
            float a = TElement.Read(first[i]);
            float b = TElement.Read(second[i]);
            first[i] = TElement.Round((a * cosine[i]) - (b * sine[i]));
            second[i] = TElement.Round((b * cosine[i]) + (a * sine[i]));
        }
    }
}
