using TorchSharp;
using Workbench.Models.Kernels;
using Workbench.Models.Kernels.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>A linear layer, y = x W^T + b, and what follows it.</summary>
internal sealed class Projection : IDisposable
{
    /// <summary>Up to this many rows the product is bound by reading the weights, and a matrix-vector kernel is the faster.</summary>
    public const int FewRows = 4;

    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    /// <summary>Takes over the tensors.</summary>
    /// <param name="weight">float32 [outputs, inputs].</param>
    /// <param name="bias">float32 [outputs], or null.</param>
    /// <param name="type">Number type to multiply in.</param>
    public Projection(Tensor weight, Tensor? bias, ScalarType type)
    {
        _weight = weight.to(type).DetachFromDisposeScope();
        _bias = bias?.DetachFromDisposeScope();
        if (type != weight.dtype)
        {
            weight.Dispose();
        }
    }

    /// <summary>Width of what it computes.</summary>
    public int Outputs => (int)_weight.shape[0];

    /// <summary>Weight and bias as they are stored.</summary>
    public IEnumerable<Tensor> Weights => _bias is null ? [_weight] : [_weight, _bias];

    /// <summary>Multiplies.</summary>
    /// <param name="x">[rows, inputs]: of the weight's type, or float32 where the rows are few.</param>
    /// <param name="y">Takes [rows, outputs].</param>
    /// <param name="buffers">Memory.</param>
    public void Apply(ProductRows x, ProductTarget y, PassBuffers buffers)
    {
        if (buffers.Tiled)
        {
            var layout = new TileLayout(Outputs, y.Paired);
            Tensor packed = buffers.Weights.Of(this, _weight, layout);
            ProductKernel.Run(x, buffers.Rows, (int)_weight.shape[1], packed, _bias, layout, y);
            return;
        }

        Tensor whole = y.Whole();
        Multiply(_weight, x.Whole(), whole);
        if (_bias is not null)
        {
            _ = whole.add_(_bias);
        }

        y.Finish();
    }

    /// <summary>x W^T in float32, without the bias: what directions [n, inputs] become, [n, outputs].</summary>
    public Tensor Map(Tensor directions)
    {
        using Tensor weight = _weight.to(ScalarType.Float32, copy: true);
        using Tensor transposed = weight.t();
        return directions.mm(transposed);
    }

    /// <summary>y = x W^T.</summary>
    public static void Multiply(Tensor weight, Tensor x, Tensor y)
    {
        if (x.shape[0] <= FewRows && x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU)
        {
            MatVecKernel.Apply(weight, x, y);
            return;
        }

        using Tensor transposed = weight.t();
        _ = y.addmm_(x, transposed, beta: 0, alpha: 1);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
