using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>A product y = x W^T and nothing else, by the tiles that models multiply with on a CPU, W packed beforehand.</summary>
public sealed class PackedProduct : IDisposable
{
    private readonly Tensor _packed;
    private readonly TileLayout _layout;
    private readonly int _inputs;

    /// <summary>Packs.</summary>
    /// <param name="weight">[outputs, inputs] for which <see cref="Serves"/> is true; it is copied.</param>
    public PackedProduct(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        _layout = new TileLayout((int)weight.shape[0], Paired: false);
        _inputs = (int)weight.shape[1];
        _packed = zeros(ProductKernel.PackedLength(weight, _layout), weight.dtype).DetachFromDisposeScope();
        ProductKernel.Pack(weight, _layout, _packed);
    }

    /// <summary>Whether this machine multiplies such a weight by tiles.</summary>
    /// <param name="weight">[outputs, inputs], contiguous.</param>
    public static bool Serves(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return weight.device_type == DeviceType.CPU && TileProduct.Serves(weight.dtype) && (weight.dtype == ScalarType.Float32 || weight.shape[1] % 2 == 0);
    }

    /// <summary>Multiplies.</summary>
    /// <param name="x">[rows, inputs] of the weight's type, contiguous.</param>
    /// <param name="y">[rows, outputs], float32 or bfloat16, contiguous.</param>
    public void Apply(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ProductKernel.Run(new TensorRows(x), (int)x.shape[0], _inputs, _packed, null, _layout, new RowsTarget(y));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
    }
}
