using TorchSharp;
using Workbench.Models.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>Causal attention of the columns of a pass over themselves and over what the cache holds.</summary>
internal static class CausalAttention
{
    /// <summary>Attends.</summary>
    /// <param name="pass">The pass; its cache takes the keys and values.</param>
    /// <param name="layer">Block, for the cache.</param>
    /// <param name="options">Heads, scale and rules.</param>
    /// <param name="projected">[batch * seq, (heads + 2 key-value heads) * head_dim]: rotated queries, rotated keys, values.</param>
    /// <param name="target">Memory for [batch * seq, heads * head_dim] of the same type.</param>
    /// <returns>The result, in <paramref name="target"/> or elsewhere.</returns>
    public static Tensor Apply(ForwardPass pass, int layer, AttentionOptions options, Tensor projected, Tensor target)
    {
        if (CachedAttentionKernel.Serves(pass, projected, options.HeadDim))
        {
            CachedAttentionKernel.Apply(pass, layer, options, projected, target);
            return target;
        }

        using var scope = NewDisposeScope();
        (int heads, int groups, int width) = (options.Heads, options.KeyValueHeads, options.HeadDim);
        Tensor[] parts = projected.view(pass.Batch, pass.Length, heads + (2 * groups), width).split([heads, groups, groups], 2);
        (Tensor queries, Tensor keys, Tensor values) = (parts[0], parts[1], parts[2]);
        if (pass.Cache is not null)
        {
            (Tensor allKeys, Tensor allValues) = pass.Cache.Store(layer, keys, values);
            if (pass.FirstPosition > 0)
            {
                (keys, values) = (allKeys, allValues);
            }
        }

        if (pass.FirstPosition > 0 || options.SoftCap is not null || options.Window < pass.Length)
        {
            Tensor scored = ScoredAttention.Apply(queries, keys, values, options, pass.FirstPosition);
            target.copy_(scored.view(pass.Rows, heads * width));
            return target;
        }

        if (AttentionKernel.Serves(projected, pass.Length, width))
        {
            var shape = new AttentionShape(pass.Batch, pass.Length, heads, groups, width) { Scale = (float)options.Scale };
            AttentionKernel.Apply(projected, target, shape);
            return target;
        }

        // libtorch's factor is 1 / sqrt(head_dim).
        double ratio = options.Scale * Math.Sqrt(width);
        queries = Math.Abs(ratio - 1) < 1e-12 ? queries : queries * ratio;
        Tensor attended = nn.functional.scaled_dot_product_attention(
            queries.transpose(1, 2), PerHead(keys, heads), PerHead(values, heads), is_casual: true);
        return attended.transpose(1, 2).reshape(pass.Rows, heads * width).to(projected.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[batch, heads, seq, head_dim]: each key-value head repeated for its group of query heads.</summary>
    private static Tensor PerHead(Tensor values, long heads)
    {
        (long batch, long length, long own, long width) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3]);
        if (own == heads)
        {
            return values.transpose(1, 2);
        }

        Tensor repeated = values.unsqueeze(3).expand(batch, length, own, heads / own, width);
        return repeated.reshape(batch, length, heads, width).transpose(1, 2);
    }
}
