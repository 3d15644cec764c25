using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Objectives;

public sealed class SparseGradientTests
{
    [Fact]
    public void Gradients_by_gathered_rows_equal_those_of_a_dense_graph()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(40, 12, generator: new Generator(4));
        using ParameterSet sparse = Weights();
        using ParameterSet dense = Weights();

        (Tensor pre, Tensor indices) = ((x - dense.DecoderBias).mm(dense.Encoder.t()) + dense.EncoderBias).topk(5, -1);
        Tensor z = zeros(x.shape[0], dense.Latents).scatter(-1, indices, pre.relu());
        Tensor expected = z.mm(dense.Decoder) + dense.DecoderBias;
        (expected - x).pow(2).sum().backward();
        Tensor centred = (x - sparse.DecoderBias.detach()).contiguous();
        Tensor actual = SparseReconstruction.Of(ChosenPreActivations.Of(centred, sparse.Encoder, sparse.EncoderBias, sparse.DecoderBias, indices).relu(), sparse.Decoder, indices) + sparse.DecoderBias;
        (actual - x).pow(2).sum().backward();

        TensorAssert.CloseToScale(expected, actual, 1e-5, "reconstruction");
        foreach ((string name, Tensor weight) in dense.All)
        {
            TensorAssert.CloseToScale(weight.grad!, sparse[name].grad!, 1e-5, name);
        }
    }

    [Fact]
    public void Products_over_entries_by_gathers_equal_those_of_the_cpu()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(6);
        Tensor left = randn(30, 12, generator: random);
        Tensor right = randn(50, 12, generator: random);
        Tensor rows = randint(0, 30, 400, ScalarType.Int64, generator: random);
        Tensor latents = randint(0, 50, 400, ScalarType.Int64, generator: random);
        Tensor values = randn(400, generator: random);
        Tensor dense = zeros(30, 50).index_put_(values, [rows, latents], accumulate: true);

        TensorAssert.CloseToScale(dense.mm(right), EntryProducts.Scatter(rows, 30, right, latents, values), 1e-5, "scatter");
        TensorAssert.CloseToScale(dense.mm(right), EntryProducts.GatheredScatter(rows, 30, right, latents, values), 1e-5, "gathered scatter");
        Tensor dots = left.mm(right.t()).view(-1).index_select(0, (rows * 50) + latents);
        TensorAssert.CloseToScale(dots, EntryProducts.Dot(left, rows, right, latents), 1e-5, "dot");
        TensorAssert.CloseToScale(dots, EntryProducts.GatheredDot(left, rows, right, latents), 1e-5, "gathered dot");
    }

    private static ParameterSet Weights()
    {
        var random = new Generator(5);
        return new ParameterSet(
            [
                (ParameterNames.Encoder, randn(48, 12, generator: random)),
                (ParameterNames.EncoderBias, randn(48, generator: random)),
                (ParameterNames.Decoder, randn(48, 12, generator: random)),
                (ParameterNames.DecoderBias, randn(12, generator: random)),
            ],
            CPU);
    }
}
