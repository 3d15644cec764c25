using System.Numerics.Tensors;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// For each row of a matrix those that point most nearly the same way. Products are made a block of rows at a time and only the
/// largest of each row are kept, so that memory grows with the number of rows and not with its square.
/// </summary>
/// <remarks>
/// Where bfloat16 products are the faster ones they propose half as many neighbours again as are needed, and the cosines of those
/// are computed again in float32: values are exact, and only near ties at the end of the list may be chosen differently.
/// </remarks>
internal sealed class NearestRows(Tensor unitRows, int kept, MatrixPrecision precision)
{
    private const long BlockElements = 1 << 26;
    private const double SmallestNorm = 1e-12;

    private readonly int _count = (int)unitRows.shape[0];

    /// <summary>Rows of unit norm; a row of zeros stays one.</summary>
    public static Tensor Unit(Tensor rows, Tensor norms)
    {
        return rows / norms.clamp(min: SmallestNorm).unsqueeze(1);
    }

    /// <summary>Writes the neighbours of each row by falling cosine into runs of <paramref name="stride"/> entries.</summary>
    public void Find(int[] neighbours, float[] cosines, int stride, Action<long> progress, CancellationToken cancellation)
    {
        bool onCpu = unitRows.device_type == DeviceType.CPU;
        ScalarType type = onCpu ? MatrixPrecisions.Resolve(precision, unitRows.device) : ScalarType.Float32;
        using Tensor across = unitRows.t().to(type).contiguous();
        int block = (int)Math.Clamp(BlockElements / _count, 16, 1024);
        using Tensor buffer = empty(Math.Min(block, _count), _count, type, unitRows.device);
        for (int first = 0; first < _count; first += block)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            int rows = Math.Min(block, _count - first);
            Tensor products = buffer.narrow(0, 0, rows);
            products.addmm_(unitRows.narrow(0, first, rows).to(type), across, 0, 1);
            products.diagonal(first).fill_(float.NegativeInfinity);
            if (onCpu)
            {
                Choose(products, first, rows, neighbours, cosines, stride);
            }
            else
            {
                (Tensor values, Tensor indices) = products.topk(kept, 1);
                DecoderGeometry.Copy(indices.to(ScalarType.Int32), neighbours, first, stride, kept);
                DecoderGeometry.Copy(values, cosines, first, stride, kept);
            }

            progress(first + rows);
        }
    }

    private unsafe void Choose(Tensor products, int first, int rows, int[] neighbours, float[] cosines, int stride)
    {
        bool exact = products.dtype == ScalarType.Float32;
        int proposed = exact ? kept : Math.Min(_count - 1, kept + (kept / 2) + 8);
        float* values = exact ? TensorMemory.FloatPointer(products) : null;
        ushort* bits = exact ? null : TensorMemory.BFloat16Pointer(products);
        float* matrix = TensorMemory.FloatPointer(unitRows);
        int width = (int)unitRows.shape[1];
        _ = Parallel.For(0, rows, () => (Proposed: new LargestOfRow(proposed), Final: new LargestOfRow(kept)), (row, _, choice) =>
        {
            LargestOfRow found = choice.Proposed;
            if (exact)
            {
                found.Choose(new ReadOnlySpan<float>(values + ((long)row * _count), _count));
            }
            else
            {
                found.Choose(new ReadOnlySpan<ushort>(bits + ((long)row * _count), _count));
                Again(new ReadOnlySpan<float>(matrix + ((long)(first + row) * width), width), matrix, found, choice.Final);
                found = choice.Final;
            }

            found.Columns.CopyTo(neighbours.AsSpan((first + row) * stride, kept));
            found.Values.CopyTo(cosines.AsSpan((first + row) * stride, kept));
            return choice;
        }, _ => { });
    }

    /// <summary>Chooses among the proposed rows by their float32 cosines.</summary>
    private static unsafe void Again(ReadOnlySpan<float> row, float* matrix, LargestOfRow proposed, LargestOfRow final)
    {
        Span<int> columns = stackalloc int[proposed.Columns.Length];
        proposed.Columns.CopyTo(columns);
        columns.Sort();
        final.Clear();
        foreach (int column in columns)
        {
            final.Offer(TensorPrimitives.Dot(row, new ReadOnlySpan<float>(matrix + ((long)column * row.Length), row.Length)), column);
        }
    }
}
