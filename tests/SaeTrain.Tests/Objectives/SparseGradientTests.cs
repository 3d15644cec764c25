using TorchSharp;
using Workbench.SaeTrain.Objectives;
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
