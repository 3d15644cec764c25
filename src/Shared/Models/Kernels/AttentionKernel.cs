using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>
/// Causal attention of whole sequences over themselves, in float32 whatever the operands' type. At the lengths that activations are
/// harvested with, libtorch's kernel spends more on its bookkeeping than on arithmetic; here keys and values of a group of query heads
/// are widened once and stay in the second-level cache.
/// </summary>
internal static unsafe class AttentionKernel
{
    private const int TileRows = 4;
    private const int TileColumns = 32;
    private const int LongestSequence = 1024;

    [ThreadStatic]
    private static float[]? t_scratch;

    /// <summary>Whether the kernel serves these operands on this processor; libtorch's does otherwise.</summary>
    public static bool Serves(Tensor projected, int length, int headDim)
    {
        return Vector512.IsHardwareAccelerated && projected.device_type == DeviceType.CPU && length <= LongestSequence && headDim % TileColumns == 0;
    }

    /// <summary>Attends.</summary>
    /// <param name="projected">[batch * length, (heads + 2 groups) * head_dim]: rotated queries, rotated keys, values; float32 or bfloat16.</param>
    /// <param name="target">[batch * length, heads * head_dim] of the same type.</param>
    /// <param name="shape">Sizes.</param>
    public static void Apply(Tensor projected, Tensor target, AttentionShape shape)
    {
        if (projected.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(projected, target, shape);
        }
        else
        {
            Run<float, FloatElement>(projected, target, shape);
        }
    }

    private static void Run<T, TElement>(Tensor projected, Tensor target, AttentionShape shape)
        where T : unmanaged
        where TElement : IElement<T>
    {
        T* x = TensorMemory.Pointer<T>(projected);
        T* y = TensorMemory.Pointer<T>(target);
        TorchThreads.For(shape.Batch * shape.Groups, task =>
        {
            fixed (float* scratch = Scratch(shape.ScratchLength))
            {
                Group<T, TElement>(x, y, shape, task / shape.Groups, task % shape.Groups, scratch);
            }
        });
    }

    private static float[] Scratch(int length)
    {
        if (t_scratch is null || t_scratch.Length < length)
        {
            t_scratch = GC.AllocateUninitializedArray<float>(length);
        }

        return t_scratch;
    }

    /// <summary>All query heads of one key-value head in one sequence.</summary>
    private static void Group<T, TElement>(T* projected, T* target, AttentionShape shape, int sequence, int group, float* scratch)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = shape.HeadDim;
        float* keys = scratch;
        float* values = keys + (width * shape.PaddedLength);
        float* working = values + (width * shape.Length);
        T* first = projected + ((long)sequence * shape.Length * shape.RowWidth);
        Widen<T, TElement>(first + ((shape.Heads + group) * width), shape, keys, values);
        int share = shape.Heads / shape.Groups;
        for (int head = group * share; head < (group + 1) * share; head++)
        {
            T* output = target + ((long)sequence * shape.Length * shape.Heads * width) + (head * width);
            Head<T, TElement>(first + (head * width), output, shape, keys, values, working);
        }
    }

    /// <summary>Keys as [head_dim, padded length], values as [length, head_dim].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T, TElement>(T* key, AttentionShape shape, float* keys, float* values)
        where T : unmanaged
        where TElement : IElement<T>
    {
        new Span<float>(keys, shape.HeadDim * shape.PaddedLength).Clear();
        for (int position = 0; position < shape.Length; position++)
        {
            T* value = key + (shape.Groups * shape.HeadDim);
            for (int i = 0; i < shape.HeadDim; i++)
            {
                keys[(i * shape.PaddedLength) + position] = TElement.Read(key[i]);
            }

            for (int i = 0; i < shape.HeadDim; i += 8)
            {
                TElement.Load(value + i).Store(values + (position * shape.HeadDim) + i);
            }

            key += shape.RowWidth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Head<T, TElement>(T* query, T* target, AttentionShape shape, float* keys, float* values, float* working)
        where T : unmanaged
        where TElement : IElement<T>
    {
        int width = shape.HeadDim;
        int padded = shape.PaddedLength;
        float scale = shape.Scale;
        float* queries = working;
        float* sums = queries + (TileRows * width);
        float* scores = sums + (TileRows * width);
        for (int start = 0; start < shape.Length; start += TileRows)
        {
            int rows = Math.Min(TileRows, shape.Length - start);
            int end = start + rows;
            for (int row = 0; row < TileRows; row++)
            {
                for (int i = 0; i < width; i += 8)
                {
                    Vector256<float> value = row < rows ? TElement.Load(query + ((long)(start + row) * shape.RowWidth) + i) * scale : default;
                    value.Store(queries + (row * width) + i);
                }
            }

            for (int column = 0; column < end; column += TileColumns)
            {
                Tile(queries, width, keys + column, padded, width, scores + column, padded);
            }

            for (int row = 0; row < TileRows; row++)
            {
                Softmax(scores + (row * padded), row < rows ? start + row + 1 : 0, padded);
            }

            for (int column = 0; column < width; column += TileColumns)
            {
                Tile(scores, padded, values + column, width, end, sums + column, width);
            }

            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < width; i += 8)
                {
                    TElement.Store(target + ((long)(start + row) * shape.Heads * width) + i, Vector256.Load(sums + (row * width) + i));
                }
            }
        }
    }

    /// <summary>Normalises the first <paramref name="count"/> scores and clears the others, which lie in the future.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, int count, int padded)
    {
        for (int i = count; i < padded; i++)
        {
            scores[i] = float.NegativeInfinity;
        }

        if (count == 0)
        {
            new Span<float>(scores, padded).Clear();
            return;
        }

        Vector512<float> largest = Vector512.Load(scores);
        for (int i = 16; i < count; i += 16)
        {
            largest = Vector512.Max(largest, Vector512.Load(scores + i));
        }

        float maximum = largest[0];
        for (int i = 1; i < 16; i++)
        {
            maximum = MathF.Max(maximum, largest[i]);
        }

        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> value = Vector512.Load(scores + i);
            Vector512<float> future = Vector512.Equals(value, Vector512.Create(float.NegativeInfinity));
            value = Vector512.AndNot(Exponential.Of(value - Vector512.Create(maximum)), future);
            sum += value;
            value.Store(scores + i);
        }

        float factor = 1 / Vector512.Sum(sum);
        int whole = (count + 15) / 16 * 16;
        for (int i = 0; i < whole; i += 16)
        {
            (Vector512.Load(scores + i) * factor).Store(scores + i);
        }

        new Span<float>(scores + whole, padded - whole).Clear();
    }

    /// <summary>c[4, 32] = a[4, depth] b[depth, 32]; the strides are those of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(float* a, int aStride, float* b, int bStride, int depth, float* c, int cStride)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default;
        Vector512<float> c20 = default, c21 = default, c30 = default, c31 = default;
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        for (int i = 0; i < depth; i++)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            b += bStride;
            Vector512<float> factor = Vector512.Create(a[i]);
            c00 = Vector512.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector512.Create(a1[i]);
            c10 = Vector512.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector512.Create(a2[i]);
            c20 = Vector512.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector512.Create(a3[i]);
            c30 = Vector512.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(factor, b1, c31);
        }

        c00.Store(c);
        c01.Store(c + 16);
        c10.Store(c + cStride);
        c11.Store(c + cStride + 16);
        c20.Store(c + (2 * cStride));
        c21.Store(c + (2 * cStride) + 16);
        c30.Store(c + (3 * cStride));
        c31.Store(c + (3 * cStride) + 16);
    }
}
