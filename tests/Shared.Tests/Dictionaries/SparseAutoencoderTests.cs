using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

public sealed class SparseAutoencoderTests
{
    [Fact]
    public void Sparse_and_dense_encoding_agree_over_more_rows_than_a_block()
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder sut = Create(16, 2048, 12, rescale: true);
        Tensor x = randn(9000, 16, generator: new Generator(5));

        SparseCode code = sut.EncodeSparse(x);

        code.Rows.ShouldBe(9000);
        TensorAssert.CloseToScale(sut.Encode(x), code.ToDense(), 1e-5, "z");
        TensorAssert.CloseToScale(sut.Decode(sut.Encode(x)), sut.Decode(code), 1e-5, "x_hat");
    }

    [Fact]
    public void Screening_in_bfloat16_keeps_float32_values_and_nearly_every_choice()
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder sut = Create(32, 512, 8, rescale: false);
        Tensor x = randn(300, 32, generator: new Generator(6));
        SparseCode exact = sut.EncodeSparse(x);

        SparseCode screened = sut.EncodeSparse(x, MatrixPrecision.BFloat16);

        Tensor same = (exact.ToDense() != 0).logical_and(screened.ToDense() != 0);
        (same.sum().item<long>() / (double)exact.Count).ShouldBeGreaterThan(0.999);
        TensorAssert.CloseToScale(exact.ToDense() * same, screened.ToDense() * same, 1e-5, "values");
    }

    [Fact]
    public void A_latent_adds_its_direction_to_the_reconstruction()
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder sut = Create(8, 24, 4, rescale: true);
        Tensor z = zeros(1, 24);
        z[0, 7] = 2.5f;

        TensorAssert.CloseToScale(sut.DecoderBias + (2.5f * sut.Direction(7)), sut.Decode(z)[0], 1e-6, "x_hat");
    }

    [Fact]
    public void Activations_of_another_width_are_refused_with_both_widths()
    {
        using SparseAutoencoder sut = Create(8, 24, 4, rescale: false);

        string message = Should.Throw<WorkbenchException>(() => sut.EncodeSparse(zeros(2, 9))).Message;

        message.ShouldContain("8");
        message.ShouldContain("9");
    }

    [Fact]
    public void A_code_answers_for_single_entries()
    {
        var sut = new SparseCode(10, [0, 2, 2, 3], [1, 4, 9], [0.5f, 1.5f, 2.5f]);

        sut.Rows.ShouldBe(3);
        sut.At(0, 4).ShouldBe(1.5f);
        sut.At(0, 5).ShouldBe(0);
        sut.RowIndices(1).Length.ShouldBe(0);
        sut.At(2, 9).ShouldBe(2.5f);
    }

    private static SparseAutoencoder Create(int width, int latents, int k, bool rescale)
    {
        var random = new Generator(11);
        var config = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.TopK,
            Width = width,
            Latents = latents,
            K = k,
            RescaleByDecoderNorm = rescale,
        };
        return new SparseAutoencoder(
            config,
            randn(width, latents, generator: random),
            randn(latents, generator: random),
            randn(latents, width, generator: random),
            randn(width, generator: random));
    }
}
