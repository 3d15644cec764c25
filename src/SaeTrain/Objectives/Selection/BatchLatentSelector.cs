using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Picks the largest positive pre-activations of a whole batch, on whatever device the weights are.</summary>
/// <remarks>
/// A bound is taken from an evenly spaced sample of the product, so that only what lies above it is sorted; where the sample misled,
/// all positive entries are. In bfloat16 the product proposes a quarter more candidates than needed: what decides are their
/// float32 values.
/// </remarks>
internal sealed class BatchLatentSelector(ScalarType matrixType) : IDisposable
{
    private const long SampleSize = 1 << 20;

    private readonly EncoderProduct _product = new(matrixType);

    /// <summary>Picks at most <paramref name="count"/> entries: fewer only where fewer are positive.</summary>
    /// <param name="centred">Rows to encode [rows, d], contiguous float32, outside the graph.</param>
    /// <param name="encoder">[n, d].</param>
    /// <param name="bias">[n].</param>
    /// <param name="scale">Factor of each latent's pre-activation before the choice [n], or null.</param>
    /// <param name="count">Entries of the batch.</param>
    public LatentEntries Choose(Tensor centred, Tensor encoder, Tensor bias, Tensor? scale, long count)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long latents = encoder.shape[0];
        (Tensor weights, Tensor offsets) = EncoderProduct.Scaled(encoder, bias, scale);
        Tensor product = _product.Of(centred, weights, offsets).view(-1);
        Tensor places = Candidates(product, count);
        if (places.shape[0] > count)
        {
            Tensor values = matrixType == ScalarType.Float32 ? product.index_select(0, places) : Exact(centred, weights, offsets, places, latents);
            places = places.index_select(0, values.topk((int)count).indexes).sort().Values;
        }

        Tensor rows = places.div(latents, RoundingMode.floor);
        Tensor chosen = places - (rows * latents);
        return new LatentEntries(rows.MoveToOuterDisposeScope(), chosen.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _product.Dispose();
    }

    /// <summary>Places of entries that are positive and sure to hold the largest ones, ascending.</summary>
    private static Tensor Candidates(Tensor product, long count)
    {
        long all = product.shape[0];
        long stride = Math.Max(1, all / SampleSize);
        Tensor sample = product.slice(0, 0, all, stride).to(ScalarType.Float32);
        long rank = Math.Min(sample.shape[0], ((count + (count / 4)) / stride) + 16);
        Tensor bound = sample.topk((int)rank).values.min().clamp_min(0.0).to(product.dtype);
        Tensor places = product.gt(bound).nonzero().squeeze(1);
        return places.shape[0] >= count ? places : product.gt(0.0).nonzero().squeeze(1);
    }

    private static Tensor Exact(Tensor centred, Tensor weights, Tensor offsets, Tensor places, long latents)
    {
        Tensor rows = places.div(latents, RoundingMode.floor);
        Tensor chosen = places - (rows * latents);
        return EntryProducts.Dot(centred, rows, weights, chosen).add_(offsets.index_select(0, chosen));
    }
}
