using System.Numerics.Tensors;

namespace Workbench.Dictionaries;

/// <summary>
/// Products of a matrix with few of its rows at a time, in float32 on the CPU, in parallel. Results do not depend on the number
/// of threads: each output is summed by one thread in a fixed order.
/// </summary>
public static unsafe class SparseRows
{
    /// <summary>Sums scaled rows: <c>output[r] = initial + sum_q values[r, q] * matrix[indices[r, q]]</c>.</summary>
    /// <param name="matrix">Rows [n, width].</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="offsets">First entry of each of the rows, and the end: rows + 1 values.</param>
    /// <param name="indices">Row of the matrix of each entry.</param>
    /// <param name="values">Factor of each entry.</param>
    /// <param name="initial">Vector [width] to start from, or null for zero.</param>
    /// <param name="rows">Number of output rows.</param>
    /// <param name="output">Receives [rows, width].</param>
    public static void Combine(float* matrix, int width, long[] offsets, int[] indices, float[] values, float* initial, int rows, float* output)
    {
        Parallel.For(0, rows, row =>
        {
            var sum = new Span<float>(output + ((long)row * width), width);
            Start(sum, initial);
            for (long entry = offsets[row]; entry < offsets[row + 1]; entry++)
            {
                AddScaled(matrix + ((long)indices[entry] * width), values[entry], sum);
            }
        });
    }

    /// <summary>The same for a fixed number of entries a row, given by int64 indices as tensors hold them.</summary>
    /// <param name="matrix">Rows [n, width].</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="indices">Row of the matrix of each entry [rows, perRow].</param>
    /// <param name="values">Factor of each entry [rows, perRow].</param>
    /// <param name="perRow">Entries of a row.</param>
    /// <param name="rows">Number of output rows.</param>
    /// <param name="output">Receives [rows, width].</param>
    public static void Combine(float* matrix, int width, long* indices, float* values, int perRow, int rows, float* output)
    {
        Parallel.For(0, rows, row =>
        {
            var sum = new Span<float>(output + ((long)row * width), width);
            sum.Clear();
            for (long entry = (long)row * perRow; entry < (row + 1L) * perRow; entry++)
            {
                if (values[entry] != 0)
                {
                    AddScaled(matrix + (indices[entry] * width), values[entry], sum);
                }
            }
        });
    }

    /// <summary>Products with chosen rows: <c>output[r, q] = x[r] · matrix[indices[r, q]]</c>.</summary>
    /// <param name="x">Vectors [rows, width].</param>
    /// <param name="matrix">Rows [n, width].</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="indices">Row of the matrix of each entry [rows, perRow].</param>
    /// <param name="perRow">Entries of a row.</param>
    /// <param name="rows">Number of vectors.</param>
    /// <param name="output">Receives [rows, perRow].</param>
    public static void Dot(float* x, float* matrix, int width, long* indices, int perRow, int rows, float* output)
    {
        Parallel.For(0, rows, row =>
        {
            var vector = new ReadOnlySpan<float>(x + ((long)row * width), width);
            for (long entry = (long)row * perRow; entry < (row + 1L) * perRow; entry++)
            {
                output[entry] = TensorPrimitives.Dot(vector, new ReadOnlySpan<float>(matrix + (indices[entry] * width), width));
            }
        });
    }

    /// <summary>The transposed product: <c>output[j] = sum over entries of j of values[r, q] * x[r]</c>; rows without entries become zero.</summary>
    /// <param name="x">Vectors [rows, width].</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="indices">Output row of each entry [rows, perRow].</param>
    /// <param name="values">Factor of each entry [rows, perRow].</param>
    /// <param name="perRow">Entries of a row.</param>
    /// <param name="rows">Number of vectors.</param>
    /// <param name="count">Number of output rows.</param>
    /// <param name="output">Receives [count, width].</param>
    public static void Scatter(float* x, int width, long* indices, float* values, int perRow, int rows, int count, float* output)
    {
        (int[] starts, int[] entries) = ByOutputRow(indices, (long)rows * perRow, count);
        Parallel.For(0, count, target =>
        {
            var sum = new Span<float>(output + ((long)target * width), width);
            sum.Clear();
            for (int place = starts[target]; place < starts[target + 1]; place++)
            {
                int entry = entries[place];
                if (values[entry] != 0)
                {
                    AddScaled(x + ((long)(entry / perRow) * width), values[entry], sum);
                }
            }
        });
    }

    private static (int[] Starts, int[] Entries) ByOutputRow(long* indices, long total, int count)
    {
        int[] starts = new int[count + 1];
        for (long entry = 0; entry < total; entry++)
        {
            starts[indices[entry] + 1]++;
        }

        for (int row = 0; row < count; row++)
        {
            starts[row + 1] += starts[row];
        }

        int[] next = starts[..count];
        int[] entries = new int[total];
        for (int entry = 0; entry < total; entry++)
        {
            entries[next[indices[entry]]++] = entry;
        }

        return (starts, entries);
    }

    private static void Start(Span<float> sum, float* initial)
    {
        if (initial is null)
        {
            sum.Clear();
        }
        else
        {
            new ReadOnlySpan<float>(initial, sum.Length).CopyTo(sum);
        }
    }

    private static void AddScaled(float* row, float factor, Span<float> sum)
    {
        TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(row, sum.Length), factor, sum, sum);
    }
}
