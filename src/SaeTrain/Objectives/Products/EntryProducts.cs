using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>
/// Products over a list of entries (place a, place b, value) of a sparse matrix: on the CPU by <see cref="CpuEntryProducts"/>, elsewhere
/// by gathers and additions of rows, in blocks that bound the memory. All sums are in float32.
/// </summary>
internal static class EntryProducts
{
    private const long BlockElements = 1 << 24;

    /// <summary><c>out[e] = left[i[e]] · right[j[e]]</c>.</summary>
    /// <param name="left">[a, d].</param>
    /// <param name="i">int64 [entries].</param>
    /// <param name="right">[b, d].</param>
    /// <param name="j">int64 [entries].</param>
    public static Tensor Dot(Tensor left, Tensor i, Tensor right, Tensor j)
    {
        if (left.device_type == DeviceType.CPU)
        {
            return CpuEntryProducts.Dot(left, i, right, j);
        }

        return GatheredDot(left, i, right, j);
    }

    /// <summary><see cref="Dot"/> by operations that every device has.</summary>
    internal static Tensor GatheredDot(Tensor left, Tensor i, Tensor right, Tensor j)
    {
        Tensor output = empty(i.shape[0], device: left.device);
        InBlocks(i.shape[0], left.shape[1], (first, count) =>
        {
            Tensor product = left.index_select(0, i.narrow(0, first, count)).mul_(right.index_select(0, j.narrow(0, first, count)));
            output.narrow(0, first, count).copy_(product.sum(1));
        });
        return output;
    }

    /// <summary><c>out[t] = sum over entries with target[e] = t of values[e] * source[from[e]]</c>.</summary>
    /// <param name="target">int64 [entries].</param>
    /// <param name="count">Rows of the result.</param>
    /// <param name="source">[a, d].</param>
    /// <param name="from">int64 [entries].</param>
    /// <param name="values">[entries].</param>
    public static Tensor Scatter(Tensor target, long count, Tensor source, Tensor from, Tensor values)
    {
        if (source.device_type == DeviceType.CPU)
        {
            return CpuEntryProducts.Scatter(target, count, source, from, values);
        }

        return GatheredScatter(target, count, source, from, values);
    }

    /// <summary><see cref="Scatter"/> by operations that every device has.</summary>
    internal static Tensor GatheredScatter(Tensor target, long count, Tensor source, Tensor from, Tensor values)
    {
        Tensor sums = zeros(count, source.shape[1], device: source.device);
        InBlocks(target.shape[0], source.shape[1], (first, block) =>
        {
            Tensor scaled = source.index_select(0, from.narrow(0, first, block)).mul_(values.narrow(0, first, block).unsqueeze(1));
            sums.index_add_(0, target.narrow(0, first, block), scaled, 1);
        });
        return sums;
    }

    private static void InBlocks(long entries, long width, Action<long, long> work)
    {
        long block = Math.Max(1, BlockElements / width);
        for (long first = 0; first < entries; first += block)
        {
            using var scope = NewDisposeScope();
            work(first, Math.Min(block, entries - first));
        }
    }
}
