using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>The attention of one block.</summary>
/// <param name="options">Sizes and rules.</param>
/// <param name="queryKeyValue">Rows: query heads, key heads, value heads.</param>
/// <param name="output">From the heads to the residual stream.</param>
internal sealed class Attention(AttentionOptions options, Projection queryKeyValue, Projection output) : IDisposable
{
    /// <summary>Rotary positions, which blocks may share; null for none.</summary>
    public RotaryTable? Rotary { get; init; }

    /// <summary>Norms of queries and keys; null for none.</summary>
    public HeadNorm? HeadNorm { get; init; }

    /// <summary>All that a pass reads, as it is stored.</summary>
    public IEnumerable<Tensor> Weights => [.. queryKeyValue.Weights, .. output.Weights, .. HeadNorm?.Weights ?? []];

    /// <summary>Attends.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="layer">Block, for cache and hooks.</param>
    /// <param name="input">[rows, width].</param>
    /// <param name="buffers">Memory.</param>
    /// <param name="target">Takes [rows, width].</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Run(ForwardPass pass, int layer, ProductRows input, PassBuffers buffers, ProductTarget target)
    {
        Tensor projected = buffers.Get("projected", (options.Heads + (2 * options.KeyValueHeads)) * options.HeadDim);
        var positioned = new HeadsTarget(projected, options) { Norm = HeadNorm, Angles = Rotary?.At(pass.FirstPosition, pass.Length) };
        queryKeyValue.Apply(input, positioned, buffers);
        Tensor attended = buffers.Get("attended", options.Heads * options.HeadDim);
        Tensor z = CausalAttention.Apply(pass, layer, options, projected, attended);
        z = pass.Apply(new HookPoint(HookKind.AttentionZ, layer), z)?.to(z.dtype) ?? z;
        if (pass.Done)
        {
            return false;
        }

        output.Apply(new TensorRows(z.contiguous()), target, buffers);
        return true;
    }

    /// <summary>Directions of the heads [n, heads * head_dim] through the output projection, float32 [n, width].</summary>
    public Tensor Written(Tensor directions)
    {
        return output.Map(directions);
    }

    public void Dispose()
    {
        queryKeyValue.Dispose();
        output.Dispose();
        HeadNorm?.Dispose();
        Rotary?.Dispose();
    }
}
