using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>Norms of a dictionary's decoder rows, and for each row those that point most nearly the same way.</summary>
internal static class DecoderGeometry
{
    public static void Run(
        SparseAutoencoder dictionary,
        FeatureIndexInfo info,
        FeatureColumns columns,
        MatrixPrecision precision,
        Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor norms = dictionary.DecoderWeight.norm(1);
        MemoryMarshal.Cast<byte, float>(norms.cpu().bytes).CopyTo(columns.DecoderNorm);
        int n = info.Latents;
        int kept = Math.Min(info.Neighbours, n - 1);
        if (kept > 0)
        {
            var nearest = new NearestRows(NearestRows.Unit(dictionary.DecoderWeight, norms), kept, precision);
            nearest.Find(columns.NeighbourLatents, columns.NeighbourCosines, info.Neighbours, done => progress("neighbours", done, n), cancellation);
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
