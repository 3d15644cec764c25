using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Causal attention of the columns of a pass over themselves and over what the cache holds.</summary>
internal static class CausalAttention
{
    /// <summary>Attends.</summary>
    /// <param name="pass">The pass; its cache takes the keys and values.</param>
    /// <param name="layer">Block, for the cache.</param>
    /// <param name="queries">[batch, seq, heads, head_dim], rotated; any strides with the last axis contiguous.</param>
    /// <param name="keys">[batch, seq, key-value heads, head_dim], rotated.</param>
    /// <param name="values">[batch, seq, key-value heads, head_dim].</param>
    /// <returns>[batch * seq, heads * head_dim] of the queries' type.</returns>
    public static Tensor Apply(ForwardPass pass, int layer, Tensor queries, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        ScalarType type = queries.dtype;
        if (pass.Cache is not null)
        {
            (Tensor allKeys, Tensor allValues) = pass.Cache.Store(layer, keys, values);
            if (pass.FirstPosition > 0)
            {
                (queries, keys, values) = (queries.to(ScalarType.Float32), allKeys, allValues);
            }
        }

        Tensor? mask = pass.FirstPosition > 0 && pass.Length > 1 ? Mask(pass, queries.device) : null;
        long heads = queries.shape[2];
        Tensor attended = nn.functional.scaled_dot_product_attention(
            queries.transpose(1, 2),
            PerHead(keys, heads),
            PerHead(values, heads),
            mask,
            is_casual: pass.FirstPosition == 0);
        return attended.transpose(1, 2).reshape(pass.Rows, heads * queries.shape[3]).to(type).MoveToOuterDisposeScope();
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
