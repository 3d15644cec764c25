using TorchSharp;
using Workbench.Models.Kernels;
using Workbench.Models.Kernels.Products;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class AttentionKernelTests
{
    [Theory]
    [InlineData(1, 32, 2, 2, false)]
    [InlineData(5, 64, 6, 2, false)]
    [InlineData(33, 32, 3, 1, false)]
    [InlineData(130, 64, 9, 3, false)]
    [InlineData(70, 24, 2, 2, false)]
    [InlineData(70, 80, 4, 2, false)]
    [InlineData(300, 128, 2, 1, false)]
    [InlineData(33, 32, 3, 1, true)]
    [InlineData(70, 80, 4, 2, true)]
    [InlineData(130, 64, 9, 3, true)]
    public void Attention_over_whole_sequences_is_libtorchs(int length, int headDim, int heads, int groups, bool rounded)
    {
        Assert.SkipUnless(TileProduct.Serves(rounded ? ScalarType.BFloat16 : ScalarType.Float32), "This machine lacks products of tiles.");
        using var scope = NewDisposeScope();
        const int Batch = 3;
        var shape = new AttentionShape(Batch, length, heads, groups, headDim);
        Tensor projected = (randn(Batch * length, shape.RowWidth) * 2).to(rounded ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensor target = empty(Batch * length, heads * headDim, projected.dtype);
        AttentionKernel.Apply(projected, target, shape);
        Tensor[] parts = projected.to(ScalarType.Float32).view(Batch, length, heads + (2 * groups), headDim).split([heads, groups, groups], 2);
        Tensor expected = nn.functional.scaled_dot_product_attention(
            parts[0].transpose(1, 2),
            parts[1].repeat_interleave(heads / groups, 2).transpose(1, 2),
            parts[2].repeat_interleave(heads / groups, 2).transpose(1, 2),
            is_casual: true);
        TensorAssert.CloseToScale(
            expected.transpose(1, 2).reshape(Batch * length, heads * headDim), target, rounded ? 1.0 / 256 : 2e-6, "attention");
    }

    [Fact]
    public void A_position_knows_nothing_of_those_after_it()
    {
        Assert.SkipUnless(TileProduct.Serves(ScalarType.Float32), "This machine lacks products of tiles.");
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(1, 40, 2, 1, 32);
        Tensor projected = randn(40, shape.RowWidth);
        Tensor clean = empty(40, 64);
        AttentionKernel.Apply(projected, clean, shape);
        projected.narrow(0, 25, 15).mul_(-7);
        Tensor disturbed = empty(40, 64);
        AttentionKernel.Apply(projected, disturbed, shape);
        TensorAssert.CloseTo(clean.narrow(0, 0, 25), disturbed.narrow(0, 0, 25), 0, "before");
        (clean - disturbed).narrow(0, 25, 15).abs().max().item<float>().ShouldBeGreaterThan(0.1f);
    }
}
