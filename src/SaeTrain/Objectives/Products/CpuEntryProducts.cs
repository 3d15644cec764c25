using System.Numerics.Tensors;
using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>
/// <see cref="EntryProducts"/> on the CPU: every row of a result is summed by one thread in the order of its entries, so results do not
/// depend on the number of threads.
/// </summary>
internal static unsafe class CpuEntryProducts
{
    private const int Chunk = 256;

    public static Tensor Dot(Tensor left, Tensor i, Tensor right, Tensor j)
    {
        using var scope = NewDisposeScope();
        int entries = (int)i.shape[0];
        int width = (int)left.shape[1];
        Tensor output = empty(entries);
        float* a = TensorMemory.FloatPointer(left.contiguous());
        float* b = TensorMemory.FloatPointer(right.contiguous());
        float* results = TensorMemory.FloatPointer(output);
        long* rows = TensorMemory.LongPointer(i.contiguous());
        long* columns = TensorMemory.LongPointer(j.contiguous());
        Parallel.For(0, (entries + Chunk - 1) / Chunk, chunk =>
        {
            for (int e = chunk * Chunk; e < Math.Min(entries, (chunk + 1) * Chunk); e++)
            {
                results[e] = TensorPrimitives.Dot(Row(a, rows[e], width), Row(b, columns[e], width));
            }
        });
        return output.MoveToOuterDisposeScope();
    }

    public static Tensor Scatter(Tensor target, long count, Tensor source, Tensor from, Tensor values)
    {
        using var scope = NewDisposeScope();
        int width = (int)source.shape[1];
        Tensor output = zeros(count, width);
        float* rows = TensorMemory.FloatPointer(source.contiguous());
        float* sums = TensorMemory.FloatPointer(output);
        float* factors = TensorMemory.FloatPointer(values.contiguous());
        long* sources = TensorMemory.LongPointer(from.contiguous());
        (int[] starts, int[] order) = Grouped(new ReadOnlySpan<long>(TensorMemory.LongPointer(target.contiguous()), (int)target.shape[0]), (int)count);
        Parallel.For(0, (int)count, row =>
        {
            var sum = new Span<float>(sums + ((long)row * width), width);
            for (int e = starts[row]; e < starts[row + 1]; e++)
            {
                TensorPrimitives.MultiplyAdd(Row(rows, sources[order[e]], width), factors[order[e]], sum, sum);
            }
        });
        return output.MoveToOuterDisposeScope();
    }

    private static ReadOnlySpan<float> Row(float* matrix, long row, int width)
    {
        return new ReadOnlySpan<float>(matrix + (row * width), width);
    }

    /// <summary>Entries in the order of their target, those of one target in their own order.</summary>
    private static (int[] Starts, int[] Order) Grouped(ReadOnlySpan<long> targets, int count)
    {
        int[] starts = new int[count + 1];
        foreach (long target in targets)
        {
            starts[target + 1]++;
        }

        for (int row = 0; row < count; row++)
        {
            starts[row + 1] += starts[row];
        }

        int[] next = starts[..count];
        int[] order = new int[targets.Length];
        for (int e = 0; e < targets.Length; e++)
        {
            order[next[targets[e]]++] = e;
        }

        return (starts, order);
    }
}
