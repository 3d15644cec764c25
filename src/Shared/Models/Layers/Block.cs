using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>One block: how attention, MLP and norms are joined by the residual stream.</summary>
internal abstract class Block : IDisposable
{
    /// <summary>All that a pass reads, as it is stored.</summary>
    public abstract IEnumerable<Tensor> Weights { get; }

    /// <summary>Runs the block on the stream.</summary>
    /// <returns>Whether the pass goes on.</returns>
    public abstract bool Run(ForwardPass pass, ResidualStream stream, int layer, PassBuffers buffers);

    /// <summary>Why the block has no hook of this kind; null where it has.</summary>
    public abstract string? Absence(HookKind kind);

    /// <summary>What directions at a sub-block's last hook, <c>attn.hook_z</c> or <c>mlp.hook_post</c>, add to the residual stream to first order, but for norms' divisors.</summary>
    /// <param name="kind">The hook.</param>
    /// <param name="directions">float32 [n, its width].</param>
    /// <returns>float32 [n, width].</returns>
    public abstract Tensor Written(HookKind kind, Tensor directions);

    public abstract void Dispose();
}
