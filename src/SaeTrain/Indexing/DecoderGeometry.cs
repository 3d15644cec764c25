using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// Norms of a dictionary's decoder rows, as a whole and by hook, and for each row those that point most nearly the same way. Rows of
/// several hooks are compared in units of each hook's mean activation norm where it is known, so that no hook dominates.
/// </summary>
internal static class DecoderGeometry
{
    public static void Run(
        AttachedDictionary dictionary,
        FeatureIndexInfo info,
        FeatureColumns columns,
        MatrixPrecision precision,
        Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor rows = dictionary.Rows.DecoderWeight;
        Tensor norms = rows.norm(1);
        MemoryMarshal.Cast<byte, float>(norms.cpu().bytes).CopyTo(columns.DecoderNorm);
        if (info.DirectionHooks > 0)
        {
            Tensor[] byHook = [.. Enumerable.Range(0, info.DirectionHooks).Select(hook => dictionary.Directions(hook).norm(1))];
            Copy(stack(byHook, 1), columns.DirectionNorms, 0, info.DirectionHooks, info.DirectionHooks);
            if (info.Hooks!.All(hook => hook.MeanNorm is > 0))
            {
                rows = cat([.. info.Hooks!.Select((hook, i) => dictionary.Directions(i) / hook.MeanNorm!.Value)], 1);
                norms = rows.norm(1);
            }
        }

        int n = info.Latents;
        int kept = Math.Min(info.Neighbours, n - 1);
        if (kept > 0)
        {
            var nearest = new NearestRows(NearestRows.Unit(rows, norms), kept, precision);
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
