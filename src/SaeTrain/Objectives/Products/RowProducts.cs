using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>
/// Products that touch only the picked rows of a matrix: on the CPU by <see cref="SparseRows"/>, elsewhere by gathers of the
/// device, in blocks that bound its memory.
/// </summary>
internal static class RowProducts
{
    private const long BlockElements = 1 << 26;

    /// <summary><c>out[r] = sum_q values[r, q] * matrix[indices[r, q]]</c>.</summary>
    /// <param name="matrix">[n, d].</param>
    /// <param name="indices">[rows, k], int64.</param>
    /// <param name="values">[rows, k].</param>
    public static unsafe Tensor Combine(Tensor matrix, Tensor indices, Tensor values)
    {
        (int rows, int k, int width) = Sizes(indices, matrix);
        Tensor output = empty(rows, width, device: matrix.device);
        if (matrix.device_type == DeviceType.CPU)
        {
            using Tensor factors = values.contiguous();
            SparseRows.Combine(Floats(matrix), width, Longs(indices), Floats(factors), k, rows, Floats(output));
            return output;
        }

        InBlocks(rows, k, width, (first, count) =>
        {
            Tensor picked = Picked(matrix, indices, first, count);
            output.narrow(0, first, count).copy_((picked * values.narrow(0, first, count).unsqueeze(-1)).sum(1));
        });
        return output;
    }

    /// <summary><c>out[r, q] = x[r] · matrix[indices[r, q]]</c>.</summary>
    /// <param name="x">[rows, d].</param>
    /// <param name="matrix">[n, d].</param>
    /// <param name="indices">[rows, k], int64.</param>
    public static unsafe Tensor Dot(Tensor x, Tensor matrix, Tensor indices)
    {
        (int rows, int k, int width) = Sizes(indices, matrix);
        Tensor output = empty(rows, k, device: matrix.device);
        if (matrix.device_type == DeviceType.CPU)
        {
            using Tensor vectors = x.contiguous();
            SparseRows.Dot(Floats(vectors), Floats(matrix), width, Longs(indices), k, rows, Floats(output));
            return output;
        }

        InBlocks(rows, k, width, (first, count) =>
        {
            Tensor picked = Picked(matrix, indices, first, count);
            output.narrow(0, first, count).copy_(picked.matmul(x.narrow(0, first, count).unsqueeze(-1)).squeeze(-1));
        });
        return output;
    }

    /// <summary><c>out[j] = sum over entries with indices[r, q] = j of values[r, q] * x[r]</c>.</summary>
    /// <param name="x">[rows, d].</param>
    /// <param name="indices">[rows, k], int64.</param>
    /// <param name="values">[rows, k].</param>
    /// <param name="count">Rows of the result.</param>
    public static unsafe Tensor Scatter(Tensor x, Tensor indices, Tensor values, int count)
    {
        int rows = (int)indices.shape[0];
        int k = (int)indices.shape[1];
        int width = (int)x.shape[1];
        if (x.device_type == DeviceType.CPU)
        {
            Tensor output = empty(count, width);
            using Tensor vectors = x.contiguous();
            using Tensor factors = values.contiguous();
            SparseRows.Scatter(Floats(vectors), width, Longs(indices), Floats(factors), k, rows, count, Floats(output));
            return output;
        }

        Tensor sums = zeros(count, width, device: x.device);
        InBlocks(rows, k, width, (first, block) =>
        {
            Tensor scaled = values.narrow(0, first, block).unsqueeze(-1) * x.narrow(0, first, block).unsqueeze(1);
            sums.index_add_(0, indices.narrow(0, first, block).reshape(-1), scaled.reshape(-1, width), 1);
        });
        return sums;
    }

    /// <summary><c>out[j] = sum over entries with indices[r, q] = j of values[r, q]</c>.</summary>
    public static Tensor ScatterValues(Tensor indices, Tensor values, int count)
    {
        using Tensor flat = indices.reshape(-1);
        using Tensor flatValues = values.reshape(-1);
        return zeros(count, device: values.device).index_add_(0, flat, flatValues, 1);
    }

    private static (int Rows, int K, int Width) Sizes(Tensor indices, Tensor matrix)
    {
        return ((int)indices.shape[0], (int)indices.shape[1], (int)matrix.shape[1]);
    }

    private static unsafe float* Floats(Tensor tensor)
    {
        return TensorMemory.FloatPointer(tensor);
    }

    private static unsafe long* Longs(Tensor tensor)
    {
        return TensorMemory.LongPointer(tensor);
    }

    private static Tensor Picked(Tensor matrix, Tensor indices, int first, int count)
    {
        return matrix.index_select(0, indices.narrow(0, first, count).reshape(-1)).view(count, indices.shape[1], matrix.shape[1]);
    }

    private static void InBlocks(int rows, int k, int width, Action<int, int> work)
    {
        int block = (int)Math.Clamp(BlockElements / ((long)k * width), 1, rows);
        for (int first = 0; first < rows; first += block)
        {
            using var scope = NewDisposeScope();
            work(first, Math.Min(block, rows - first));
        }
    }
}
