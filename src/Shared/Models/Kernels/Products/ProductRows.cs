using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>The first factor of a product, which may be computed when it is needed.</summary>
internal abstract unsafe class ProductRows
{
    /// <summary>All of it, [rows, width].</summary>
    public abstract Tensor Whole();

    /// <summary>Some rows, one behind the other; the numbers of those behind the last do not matter.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">Rows to return, more than there are at the end.</param>
    /// <param name="scratch">Memory for as many.</param>
    public abstract void* Block(int first, int count, void* scratch);
}
