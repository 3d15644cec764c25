using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>Where a product goes, and what becomes of it there.</summary>
internal abstract class ProductTarget
{
    /// <summary>Whether the outputs are two halves whose elements belong together.</summary>
    public virtual bool Paired => false;

    /// <summary>Memory for the product as a whole, [rows, outputs].</summary>
    public abstract Tensor Whole();

    /// <summary>Does what follows the product once <see cref="Whole"/> holds it.</summary>
    public abstract void Finish();

    /// <summary>Does the same to a tile; tiles come in any order and on several threads.</summary>
    public abstract void Take(ProductTile tile);

    /// <summary>Does what needs whole rows, once all their tiles are taken.</summary>
    public virtual void Complete(int first, int count)
    {
    }
}
