using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>x W^T + b by tiles: a block of rows is fetched once, multiplied by all tiles of the weight, and each tile handed over at once.</summary>
internal static unsafe class ProductKernel
{
    private const int MostRows = 128;
    private const int LeastRows = 32;
    private const int TileRows = 64;

    // Of one operand: two such tiles and the result stay in the second-level cache.
    private const int DepthBytes = 4096;

    /// <summary>Elements of a packed weight.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="layout">Which outputs lie in which tile.</param>
    public static long PackedLength(Tensor weight, TileLayout layout)
    {
        return (long)layout.Tiles * TileProduct.Columns * weight.shape[1];
    }

    /// <summary>Packs a weight.</summary>
    /// <param name="weight">[outputs, inputs] of float32, or of bfloat16 with an even number of inputs.</param>
    /// <param name="layout">Which outputs lie in which tile.</param>
    /// <param name="packed">Memory for <see cref="PackedLength"/> elements of the same type.</param>
    public static void Pack(Tensor weight, TileLayout layout, Tensor packed)
    {
        int size = (int)weight.ElementSize;
        PackKernel.Weight((uint*)Pointer(weight), (int)weight.shape[1] * size / sizeof(uint), layout, (uint*)Pointer(packed));
    }

    /// <summary>Multiplies.</summary>
    /// <param name="source">[rows, inputs] of the weight's type.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="inputs">Width of a row.</param>
    /// <param name="packed">The weight, packed.</param>
    /// <param name="bias">float32 [outputs], or null.</param>
    /// <param name="layout">Which outputs lie in which tile.</param>
    /// <param name="target">Where the product goes.</param>
    public static void Run(ProductRows source, int rows, int inputs, Tensor packed, Tensor? bias, TileLayout layout, ProductTarget target)
    {
        float* offset = bias is null ? null : TensorMemory.Pointer<float>(bias);
        if (packed.dtype == ScalarType.BFloat16)
        {
            Run(source, rows, inputs, (ushort*)Pointer(packed), offset, layout, target);
        }
        else
        {
            Run(source, rows, inputs, (float*)Pointer(packed), offset, layout, target);
        }
    }

    private static void* Pointer(Tensor tensor)
    {
        return tensor.dtype == ScalarType.BFloat16 ? TensorMemory.Pointer<ushort>(tensor) : TensorMemory.Pointer<float>(tensor);
    }

    private static void Run<T>(ProductRows source, int rows, int depth, T* weight, float* bias, TileLayout layout, ProductTarget target)
        where T : unmanaged
    {
        int threads = get_num_threads();
        int size = Math.Clamp(RoundedUp(rows / (2 * threads)), LeastRows, MostRows);
        int blocks = (rows + size - 1) / size;
        int parts = blocks < threads ? Math.Min(threads, layout.Tiles) : 1;
        TorchThreads.For(blocks * parts, task =>
        {
            int first = task / parts * size;
            int part = task % parts;
            var block = new Block<T>(source, first, Math.Min(size, rows - first), depth, weight, bias, layout, target);
            block.Run(layout.Tiles * part / parts, layout.Tiles * (part + 1) / parts);
            if (parts == 1)
            {
                target.Complete(first, block.Rows);
            }
        });
        if (parts > 1)
        {
            Rows.Split(rows, LeastRows, (from, to) => target.Complete(from, to - from));
        }
    }

    private static int RoundedUp(int rows)
    {
        return (rows + TileProduct.RowStep - 1) / TileProduct.RowStep * TileProduct.RowStep;
    }

    /// <summary>A block of rows against some of the tiles.</summary>
    private readonly struct Block<T>(ProductRows source, int first, int rows, int depth, T* weight, float* bias, TileLayout layout, ProductTarget target)
        where T : unmanaged
    {
        public int Rows => rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to)
        {
            int padded = RoundedUp(rows);
            byte* scratch = ThreadScratch.Take((TileRows * TileProduct.Columns * sizeof(float)) + ((long)padded * depth * sizeof(T)));
            float* sums = (float*)scratch;
            T* x = (T*)source.Block(first, padded, scratch + (TileRows * TileProduct.Columns * sizeof(float)));
            for (int tile = from; tile < to; tile++)
            {
                for (int row = 0; row < padded; row += TileRows)
                {
                    int tall = Math.Min(TileRows, padded - row);
                    Multiply(x + ((long)row * depth), tall, weight + ((long)tile * TileProduct.Columns * depth), sums);
                    int height = Math.Min(tall, rows - row);
                    if (bias is not null)
                    {
                        AddBias(sums, height, tile);
                    }

                    target.Take(new ProductTile(sums, first + row, height, tile * layout.Width, layout.Count(tile)));
                }
            }

            TileProduct.Release();
        }

        private void Multiply(T* x, int height, T* tile, float* sums)
        {
            int step = DepthBytes / sizeof(T);
            for (int start = 0; start < depth; start += step)
            {
                int deep = Math.Min(step, depth - start);
                T* factor = tile + ((long)start * TileProduct.Columns);
                TileProduct.Multiply(height, TileProduct.Columns, deep, x + start, depth, factor, TileProduct.Columns, sums, TileProduct.Columns, add: start > 0);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddBias(float* sums, int height, int tile)
        {
            int count = layout.Count(tile);
            for (int part = 0; part < layout.Parts; part++)
            {
                float* offset = bias + layout.First(tile, part);
                for (int row = 0; row < height; row++)
                {
                    float* y = sums + (row * TileProduct.Columns) + (part * layout.Width);
                    int i = 0;
                    for (; i <= count - 8; i += 8)
                    {
                        (Vector256.Load(y + i) + Vector256.Load(offset + i)).Store(y + i);
                    }

                    for (; i < count; i++)
                    {
                        y[i] += offset[i];
                    }
                }
            }
        }
    }
}
