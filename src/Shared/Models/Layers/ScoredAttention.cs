using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>
/// Causal attention with its scores spelled out, in float32, for what the fused forms have no place for: a soft cap, a sliding window,
/// key-value heads that the queries of a text's next token share. Queries go in stretches, so that memory grows with the length and
/// not with its square.
/// </summary>
internal static class ScoredAttention
{
    private const int Stretch = 128;

    /// <summary>Attends.</summary>
    /// <param name="queries">[batch, seq, heads, head_dim], rotated.</param>
    /// <param name="keys">[batch, all, key-value heads, head_dim], rotated, from position 0 on.</param>
    /// <param name="values">As the keys.</param>
    /// <param name="options">Heads, scale and rules.</param>
    /// <param name="firstPosition">Position of the first query; <c>all</c> is this + seq.</param>
    /// <returns>float32 [batch, seq, heads * head_dim], contiguous.</returns>
    public static Tensor Apply(Tensor queries, Tensor keys, Tensor values, AttentionOptions options, int firstPosition)
    {
        using var scope = NewDisposeScope();
        int length = (int)queries.shape[1];
        var stretches = new List<Tensor>();
        for (int from = 0; from < length; from += Stretch)
        {
            int count = Math.Min(Stretch, length - from);
            stretches.Add(Attend(queries.narrow(1, from, count), keys, values, options, firstPosition + from));
        }

        return cat([.. stretches], 1).MoveToOuterDisposeScope();
    }

    private static Tensor Attend(Tensor queries, Tensor keys, Tensor values, AttentionOptions options, int position)
    {
        using var scope = NewDisposeScope();
        (long batch, long count) = (queries.shape[0], queries.shape[1]);
        (long groups, long width) = (options.KeyValueHeads, options.HeadDim);
        long share = options.Heads / groups;
        long first = options.Window is int window ? Math.Max(0, position - window + 1) : 0;
        long seen = position + count - first;
        Tensor q = queries.to(ScalarType.Float32).reshape(batch, count, groups, share, width).permute(0, 2, 3, 1, 4).reshape(batch, groups, share * count, width);
        Tensor k = keys.narrow(1, first, seen).to(ScalarType.Float32).permute(0, 2, 3, 1);
        Tensor v = values.narrow(1, first, seen).to(ScalarType.Float32).permute(0, 2, 1, 3);
        Tensor scores = q.matmul(k).mul_(options.Scale);
        if (options.SoftCap is double cap)
        {
            scores.div_(cap).tanh_().mul_(cap);
        }

        // A single query sees every key of the window.
        if (count > 1)
        {
            scores.view(batch, groups, share, count, seen).masked_fill_(Hidden(options, position, count, first, seen, scores.device), double.NegativeInfinity);
        }

        Tensor attended = scores.softmax(-1).matmul(v);
        return attended.view(batch, groups, share, count, width).permute(0, 3, 1, 2, 4).reshape(batch, count, options.Heads * width).MoveToOuterDisposeScope();
    }

    /// <summary>bool [count, seen]: keys after the query, or a window and more before it.</summary>
    private static Tensor Hidden(AttentionOptions options, long position, long count, long first, long seen, Device device)
    {
        Tensor query = arange(position, position + count, device: device).unsqueeze(1);
        Tensor key = arange(first, first + seen, device: device).unsqueeze(0);
        Tensor distance = query - key;
        return options.Window is int window ? distance.lt(0).logical_or(distance.ge(window)) : distance.lt(0);
    }
}
