using Workbench.Models.Kernels;
using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>Queries, keys and values: written as they are, then the queries and keys normalised and rotated.</summary>
/// <param name="projected">[rows, (heads + 2 key-value heads) * head_dim].</param>
/// <param name="options">Sizes.</param>
internal sealed class HeadsTarget(Tensor projected, AttentionOptions options) : ProductTarget
{
    private readonly RowsTarget _rows = new(projected);

    /// <summary>Norms of queries and keys; null for none.</summary>
    public HeadNorm? Norm { get; init; }

    /// <summary>Cosines and sines of the positions; null for no rotation.</summary>
    public (Tensor Cosine, Tensor Sine)? Angles { get; init; }

    private int RotatedHeads => options.Heads + options.KeyValueHeads;

    public override Tensor Whole()
    {
        return projected;
    }

    public override void Finish()
    {
        Norm?.Apply(projected, options);
        if (Angles is (Tensor cosine, Tensor sine))
        {
            RotaryKernel.Apply(projected, RotatedHeads, options.HeadDim, cosine, sine);
        }
    }

    public override void Take(ProductTile tile)
    {
        _rows.Take(tile);
    }

    public override void Complete(int first, int count)
    {
        Norm?.Apply(projected, first, first + count, options);
        if (Angles is (Tensor cosine, Tensor sine))
        {
            RotaryKernel.Apply(projected, first, first + count, RotatedHeads, options.HeadDim, cosine, sine);
        }
    }
}
