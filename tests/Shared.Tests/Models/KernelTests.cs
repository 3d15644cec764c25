using TorchSharp;
using Workbench.Models;
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
    [InlineData(64, false)]
    [InlineData(64, true)]
    [InlineData(37, false)]
    [InlineData(37, true)]
    public void The_layer_norm_adds_and_normalises_as_libtorch_does(int width, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor stream = randn(100, width) + 3;
        Tensor expectedStream = stream.clone();
        Tensor added = randn(100, width).to(type);
        (Tensor, Tensor) affine = (randn(width), randn(width));
        Tensor target = empty(100, width, type);
        Tensor expected = empty(100, width, type);
        LayerNormKernel.Apply(stream, added, affine, 1e-3, target);
        LayerNormKernel.Reference(expectedStream, added, affine, 1e-3, expected);
        TensorAssert.CloseTo(expectedStream, stream, 0, "stream");
        TensorAssert.CloseToScale(expected, target, rounded ? OneStepOfBFloat16 : 1e-6, "norm");
    }

    [Theory]
    [InlineData(16, 5, false)]
    [InlineData(16, 5, true)]
    [InlineData(13, 3, false)]
    [InlineData(13, 3, true)]
    public void The_norm_of_heads_changes_its_slices_alone(int width, int slices, bool rounded)
    {
        using var scope = NewDisposeScope();
        Tensor rows = randn(60, (slices + 3) * width).to(rounded ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensor expected = rows.clone();
        Tensor weight = randn(width);
        HeadNormKernel.Apply(rows, width, slices, weight, 1e-3);
        HeadNormKernel.Reference(expected, width, slices, weight, 1e-3);
        TensorAssert.CloseToScale(expected, rows, rounded ? OneStepOfBFloat16 : 1e-6, "norm");
        TensorAssert.CloseTo(expected.narrow(1, (slices + 1) * width, 2 * width), rows.narrow(1, (slices + 1) * width, 2 * width), 0, "the rest");
    }

    [Theory]
    [InlineData(Activation.Silu, 48, false)]
    [InlineData(Activation.Silu, 48, true)]
    [InlineData(Activation.Silu, 35, false)]
    [InlineData(Activation.Silu, 35, true)]
    [InlineData(Activation.TanhGelu, 35, false)]
    [InlineData(Activation.TanhGelu, 48, true)]
    [InlineData(Activation.ErfGelu, 35, false)]
    [InlineData(Activation.ErfGelu, 48, true)]
    public void Gated_activations_are_libtorchs_even_far_from_zero(Activation activation, int width, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (double spread in new[] { 1.0, 40 })
        {
            Tensor gateUp = (randn(50, 2 * width) * spread).to(type);
            Tensor target = empty(50, width, type);
            Tensor expected = empty(50, width, ScalarType.Float64);
            ActivationKernel.Gated(activation, gateUp, target);
            ActivationKernel.Reference(activation, gateUp.to(ScalarType.Float64), expected);
            Tensor difference = (target.to(ScalarType.Float64) - expected).abs();
            Tensor inputs = gateUp.to(ScalarType.Float64).abs();
            Tensor limit = (expected.abs() * (rounded ? OneStepOfBFloat16 : 1e-6)) + (inputs.narrow(1, 0, width) * inputs.narrow(1, width, width) * 3e-7) + 1e-20;
            difference.le(limit).all().item<bool>().ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(Activation.Silu, false)]
    [InlineData(Activation.TanhGelu, true)]
    [InlineData(Activation.ErfGelu, false)]
    public void An_activation_in_place_is_the_gated_one_times_one(Activation activation, bool rounded)
    {
        using var scope = NewDisposeScope();
        Tensor values = (randn(20, 35) * 3).to(rounded ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensor expected = empty_like(values);
        ActivationKernel.Gated(activation, cat([values, ones_like(values)], 1), expected);
        ActivationKernel.InPlace(activation, values);
        TensorAssert.CloseTo(expected, values, 0, "values");
    }

    [Theory]
    [InlineData(32, 32, false)]
    [InlineData(32, 32, true)]
    [InlineData(12, 12, false)]
    [InlineData(12, 12, true)]
    [InlineData(32, 8, false)]
    [InlineData(40, 20, true)]
    public void Rotary_turns_the_start_of_the_first_heads_and_leaves_the_rest(int headDim, int rotated, bool rounded)
    {
        using var scope = NewDisposeScope();
        ScalarType type = rounded ? ScalarType.BFloat16 : ScalarType.Float32;
        Tensor rows = randn(3 * 40, 5 * headDim).to(type);
        Tensor expected = rows.clone();
        Tensor angles = rand(40, rotated / 2) * 6;
        RotaryKernel.Apply(rows, 3, headDim, angles.cos(), angles.sin());
        RotaryKernel.Reference(expected, 3, headDim, angles.cos(), angles.sin());
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
