using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>The MLP of one block: something of the input, then the down projection.</summary>
/// <param name="down">From the hidden layer to the residual stream.</param>
internal abstract class Mlp(Projection down) : IDisposable
{
    /// <summary>All that a pass reads, as it is stored.</summary>
    public virtual IEnumerable<Tensor> Weights => down.Weights;

    /// <summary>Runs.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="layer">Block, for the hook.</param>
    /// <param name="input">[rows, width].</param>
    /// <param name="buffers">Memory.</param>
    /// <param name="target">Takes [rows, width].</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Run(ForwardPass pass, int layer, ProductRows input, PassBuffers buffers, ProductTarget target)
    {
        Tensor hidden = Hidden(input, buffers);
        hidden = pass.Apply(new HookPoint(HookKind.MlpPost, layer), hidden)?.to(hidden.dtype) ?? hidden;
        if (pass.Done)
        {
            return false;
        }

        down.Apply(new TensorRows(hidden.contiguous()), target, buffers);
        return true;
    }

    /// <summary>Directions of the hidden layer [n, intermediate] through the down projection, float32 [n, width].</summary>
    public Tensor Written(Tensor directions)
    {
        return down.Map(directions);
    }

    public virtual void Dispose()
    {
        down.Dispose();
    }

    /// <summary>Input of the down projection, [rows, intermediate].</summary>
    protected abstract Tensor Hidden(ProductRows input, PassBuffers buffers);
}
