using TorchSharp;
using Workbench.Models.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Causal attention of the columns of a pass over themselves and over what the cache holds.</summary>
internal static class CausalAttention
{
    /// <summary>Attends.</summary>
    /// <param name="pass">The pass; its cache takes the keys and values.</param>
    /// <param name="layer">Block, for the cache.</param>
    /// <param name="config">Heads and their width.</param>
    /// <param name="projected">[batch * seq, (heads + 2 key-value heads) * head_dim]: rotated queries, rotated keys, values.</param>
    /// <param name="target">Memory for [batch * seq, heads * head_dim] of the same type.</param>
    /// <returns>The result, in <paramref name="target"/> or elsewhere.</returns>
    public static Tensor Apply(ForwardPass pass, int layer, ModelConfig config, Tensor projected, Tensor target)
    {
        using var scope = NewDisposeScope();
        (int heads, int groups) = (config.Heads, config.KeyValueHeads);
        Tensor[] parts = projected.view(pass.Batch, pass.Length, heads + (2 * groups), config.HeadDim).split([heads, groups, groups], 2);
        (Tensor queries, Tensor keys, Tensor values) = (parts[0], parts[1], parts[2]);
        if (pass.Cache is not null)
        {
            (Tensor allKeys, Tensor allValues) = pass.Cache.Store(layer, keys, values);
            if (pass.FirstPosition > 0)
            {
                (queries, keys, values) = (queries.to(ScalarType.Float32), allKeys, allValues);
            }
        }

        if (pass.FirstPosition == 0 && AttentionKernel.Serves(projected, pass.Length, config.HeadDim))
        {
            AttentionKernel.Apply(projected, target, new AttentionShape(pass.Batch, pass.Length, heads, groups, config.HeadDim));
            return target;
        }

        Tensor? mask = pass.FirstPosition > 0 && pass.Length > 1 ? Mask(pass, queries.device) : null;
        Tensor attended = nn.functional.scaled_dot_product_attention(
            queries.transpose(1, 2), PerHead(keys, heads), PerHead(values, heads), mask, is_casual: pass.FirstPosition == 0);
        return attended.transpose(1, 2).reshape(pass.Rows, heads * config.HeadDim).to(projected.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[batch, heads, seq, head_dim]: each key-value head repeated for its group of query heads.</summary>
    private static Tensor PerHead(Tensor values, long heads)
    {
        (long batch, long length, long own, long width) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3]);
        if (own == heads)
        {
            return values.transpose(1, 2);
        }

        // Repeating with stride 0 costs nothing where the batch is one; otherwise heads cannot merge with their repeats and are copied.
        Tensor repeated = values.unsqueeze(3).expand(batch, length, own, heads / own, width);
        return repeated.reshape(batch, length, heads, width).transpose(1, 2);
    }

    private static Tensor Mask(ForwardPass pass, Device device)
    {
        Tensor all = ones(pass.Length, pass.FirstPosition + pass.Length, ScalarType.Bool, device);
        return all.tril(pass.FirstPosition);
    }
}
