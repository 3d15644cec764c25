using Workbench.Models.Kernels;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>RMS norms of queries and keys before they are rotated: of each head, or of all heads together where the weights are as wide.</summary>
/// <param name="query">float32 [head_dim] or [heads * head_dim].</param>
/// <param name="key">float32 [head_dim] or [key-value heads * head_dim].</param>
/// <param name="epsilon">Added to the mean square.</param>
internal sealed class HeadNorm(Tensor query, Tensor key, double epsilon) : IDisposable
{
    private readonly Tensor _query = query.DetachFromDisposeScope();
    private readonly Tensor _key = key.DetachFromDisposeScope();

    /// <summary>Both weights.</summary>
    public IEnumerable<Tensor> Weights => [_query, _key];

    /// <summary>Normalises in place the queries and keys with which each row begins.</summary>
    public void Apply(Tensor projected, AttentionOptions options)
    {
        int queries = options.Heads * options.HeadDim;
        int keys = options.KeyValueHeads * options.HeadDim;
        HeadNormKernel.Apply(projected, 0, queries / (int)_query.numel(), _query, epsilon);
        HeadNormKernel.Apply(projected, queries, keys / (int)_key.numel(), _key, epsilon);
    }

    /// <summary>The same to the rows from one to before another, in the CPU's memory.</summary>
    public void Apply(Tensor projected, int from, int to, AttentionOptions options)
    {
        int queries = options.Heads * options.HeadDim;
        int keys = options.KeyValueHeads * options.HeadDim;
        HeadNormKernel.Apply(projected, from, to, 0, queries / (int)_query.numel(), _query, epsilon);
        HeadNormKernel.Apply(projected, from, to, queries, keys / (int)_key.numel(), _key, epsilon);
    }

    public void Dispose()
    {
        _query.Dispose();
        _key.Dispose();
    }
}
