using TorchSharp;
using Workbench.Models.Kernels;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class KernelTests
{
    private const double OneStepOfBFloat16 = 1.0 / 128;

    [Theory]
    [InlineData(64, false)]
    [InlineData(64, true)]
    [InlineData(37, false)]
    [InlineData(37, true)]
    public void The_norm_adds_and_normalises_as_libtorch_does(int width, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor stream = randn(100, width);
        Tensor expectedStream = stream.clone();
        Tensor added = randn(100, width).to(type);
        Tensor weight = randn(width);
        Tensor target = empty(100, width, type);
        Tensor expected = empty(100, width, type);
        NormKernel.Apply(stream, added, weight, 1e-3, target);
        NormKernel.Reference(expectedStream, added, weight, 1e-3, expected);
        TensorAssert.CloseTo(expectedStream, stream, 0, "stream");
        TensorAssert.CloseToScale(expected, target, rounded ? OneStepOfBFloat16 : 1e-6, "norm");
    }

    [Theory]
    [InlineData(48, false)]
    [InlineData(48, true)]
    [InlineData(35, false)]
    [InlineData(35, true)]
    public void Gated_silu_is_libtorchs_even_far_from_zero(int width, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor gateUp = (randn(50, 2 * width) * 40).to(type);
        Tensor target = empty(50, width, type);
        Tensor expected = empty(50, width, type);
        GatedSiluKernel.Apply(gateUp, target);
        GatedSiluKernel.Reference(gateUp, expected);
        Tensor difference = (target.to(ScalarType.Float32) - expected.to(ScalarType.Float32)).abs();
        Tensor limit = (expected.to(ScalarType.Float32).abs() * (rounded ? OneStepOfBFloat16 : 1e-6)) + 1e-20;
        difference.le(limit).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(12, false)]
    [InlineData(12, true)]
    public void Rotary_turns_the_first_heads_and_leaves_the_rest(int headDim, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor rows = randn(3 * 40, 5 * headDim).to(type);
        Tensor expected = rows.clone();
        Tensor angles = rand(40, headDim / 2) * 6;
        RotaryKernel.Apply(rows, 3, angles.cos(), angles.sin());
        RotaryKernel.Reference(expected, 3, angles.cos(), angles.sin());
        TensorAssert.CloseToScale(expected, rows, rounded ? OneStepOfBFloat16 : 1e-6, "rotary");
        TensorAssert.CloseTo(expected.narrow(1, 3 * headDim, 2 * headDim), rows.narrow(1, 3 * headDim, 2 * headDim), 0, "values");
    }

    [Theory]
    [InlineData(1, 64, false)]
    [InlineData(3, 64, true)]
    [InlineData(2, 45, false)]
    [InlineData(1, 45, true)]
    public void The_matrix_vector_product_is_libtorchs(int rows, int inputs, bool rounded)
    {
        using var scope = NewDisposeScope();
        Tensor weight = randn(1500, inputs).to(rounded ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensor x = randn(rows, inputs);
        Tensor y = empty(rows, 1500);
        MatVecKernel.Apply(weight, x, y);
        TensorAssert.CloseToScale(x.matmul(weight.to(ScalarType.Float32).t()), y, 1e-6, "product");
    }
}
