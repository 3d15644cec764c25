using TorchSharp;
using Workbench.Models;
using Workbench.Models.Kernels;
using Workbench.Models.Kernels.Products;
using Workbench.Models.Layers;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class ProductKernelTests
{
    private const string Lacking = "This machine lacks products of tiles.";

    [Theory]
    [InlineData(5, 64, 48, false)]
    [InlineData(200, 70, 130, false)]
    [InlineData(130, 1500, 37, false)]
    [InlineData(5, 64, 48, true)]
    [InlineData(200, 70, 130, true)]
    [InlineData(130, 2600, 37, true)]
    public void A_layer_by_tiles_is_libtorchs_layer(int rows, int inputs, int outputs, bool rounded)
    {
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Assert.SkipUnless(TileProduct.Serves(type), Lacking);
        using var scope = NewDisposeScope();
        (Tensor weight, Tensor bias, Tensor x) = (randn(outputs, inputs), randn(outputs), randn(rows, inputs).to(type));
        (Tensor exactX, Tensor exactWeight) = (x.to(ScalarType.Float64), weight.to(type).to(ScalarType.Float64));
        Tensor expected = exactX.matmul(exactWeight.t()) + bias;

        // What float32 sums of so many terms may be off by, in whatever order.
        Tensor limit = (exactX.abs().matmul(exactWeight.abs().t()) + bias.abs()) * ((inputs + 1) * Math.Pow(2, -24));
        (Run(weight, bias, x) - expected).abs().le(limit).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_row_is_the_same_in_whatever_company(bool rounded)
    {
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Assert.SkipUnless(TileProduct.Serves(type), Lacking);
        using var scope = NewDisposeScope();
        (Tensor weight, Tensor bias, Tensor x) = (randn(200, 96), randn(200), randn(700, 96).to(type));
        Tensor together = Run(weight, bias, x);
        foreach ((int first, int count) in new[] { (0, 1), (3, 17), (100, 64), (517, 183) })
        {
            TensorAssert.CloseTo(together.narrow(0, first, count), Run(weight, bias, x.narrow(0, first, count).clone()), 0, $"rows from {first}");
        }
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(100, true)]
    [InlineData(100, false)]
    public void An_activation_follows_the_product_within_the_tile(int hidden, bool paired)
    {
        Assert.SkipUnless(TileProduct.Serves(ScalarType.Float32), Lacking);
        using var scope = NewDisposeScope();
        int outputs = paired ? 2 * hidden : hidden;
        (Tensor weight, Tensor bias, Tensor x) = (randn(outputs, 24), randn(outputs), randn(90, 24));
        using var memory = new ActivationBuffers(CPU);
        using var packed = new PackedWeights(memory);
        using var buffers = new PassBuffers(memory, packed, 90, ScalarType.Float32, tiled: true);
        using var layer = new Projection(weight.clone(), bias.clone(), ScalarType.Float32);
        Tensor actual = empty(90, hidden);
        layer.Apply(new TensorRows(x), new ActivationTarget(Activation.Silu, () => empty(90, outputs), actual, paired), buffers);
        Tensor product = x.matmul(weight.t()) + bias;
        Tensor expected = empty(90, hidden);
        if (paired)
        {
            ActivationKernel.Reference(Activation.Silu, product, expected);
        }
        else
        {
            _ = expected.copy_(ActivationKernel.Of(Activation.Silu, product));
        }

        TensorAssert.CloseToScale(expected, actual, 1e-6, "activation");
    }

    private static Tensor Run(Tensor weight, Tensor bias, Tensor x)
    {
        int rows = (int)x.shape[0];
        using var memory = new ActivationBuffers(CPU);
        using var packed = new PackedWeights(memory);
        using var buffers = new PassBuffers(memory, packed, rows, x.dtype, tiled: true);
        using var layer = new Projection(weight.clone(), bias.clone(), x.dtype);
        Tensor result = empty(rows, weight.shape[0]);
        layer.Apply(new TensorRows(x), new RowsTarget(result), buffers);
        return result;
    }
}
