using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Features;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>Norms of a dictionary's decoder rows, and for each row those that point most nearly the same way.</summary>
internal static class DecoderGeometry
{
    private const long BlockElements = 1 << 24;
    private const double SmallestNorm = 1e-12;

    public static void Run(
        SparseAutoencoder dictionary, FeatureIndexInfo info, FeatureColumns columns, Action<string, long, long> progress, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor norms = dictionary.DecoderWeight.norm(1);
        MemoryMarshal.Cast<byte, float>(norms.cpu().bytes).CopyTo(columns.DecoderNorm);
        int n = info.Latents;
        int kept = Math.Min(info.Neighbours, n - 1);
        if (kept == 0)
        {
            return;
        }

        Tensor unit = dictionary.DecoderWeight / norms.clamp(min: SmallestNorm).unsqueeze(1);
        Tensor across = unit.t();
        int block = (int)Math.Clamp(BlockElements / n, 16, 1024);
        Tensor buffer = empty(Math.Min(block, n), n, ScalarType.Float32, unit.device);
        for (int first = 0; first < n; first += block)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            int rows = Math.Min(block, n - first);
            Tensor cosines = buffer.narrow(0, 0, rows);
            cosines.addmm_(unit.narrow(0, first, rows), across, 0, 1);
            cosines.diagonal(first).fill_(float.NegativeInfinity);
            (Tensor values, Tensor indices) = cosines.topk(kept, 1);
            Copy(indices.to(ScalarType.Int32), columns.NeighbourLatents, first, info.Neighbours, kept);
            Copy(values, columns.NeighbourCosines, first, info.Neighbours, kept);
            progress("neighbours", first + rows, n);
        }
    }

    /// <summary>Copies rows of <paramref name="kept"/> values into runs of <paramref name="stride"/> values.</summary>
    public static void Copy<T>(Tensor rows, T[] target, int firstRun, int stride, int kept)
        where T : unmanaged
    {
        using Tensor local = rows.cpu().contiguous();
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(local.bytes);
        for (int row = 0; row * kept < source.Length; row++)
        {
            source.Slice(row * kept, kept).CopyTo(target.AsSpan((firstRun + row) * stride, kept));
        }
    }
}
