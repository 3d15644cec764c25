using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

/// <summary>Each rule on numbers that can be followed by hand: the encoder is the identity, so that pre-activations are the input.</summary>
public sealed class ActivationRuleTests
{
    private const int Width = 4;

    [Fact]
    public void Relu_keeps_what_is_positive()
    {
        Encoded(SparseArchitecture.Relu, null, 1, -2, 3, 0).ShouldBe([1, 0, 3, 0]);
    }

    [Fact]
    public void Top_k_keeps_the_largest_and_makes_a_negative_one_zero()
    {
        Encoded(SparseArchitecture.TopK, 2, 1, -2, 3, 2).ShouldBe([0, 0, 3, 2]);
        Encoded(SparseArchitecture.TopK, 2, -1, -2, 3, -4).ShouldBe([0, 0, 3, 0]);
    }

    [Fact]
    public void Absolute_top_k_keeps_the_largest_magnitudes_with_their_sign()
    {
        Encoded(SparseArchitecture.AbsTopK, 2, 1, -5, 3, 2).ShouldBe([0, -5, 3, 0]);
    }

    [Fact]
    public void Group_maximum_keeps_the_largest_of_each_of_k_contiguous_groups()
    {
        Encoded(SparseArchitecture.GroupMax, 2, 1, 2, 9, 8).ShouldBe([0, 2, 9, 0]);
        Encoded(SparseArchitecture.GroupMax, 2, -1, -2, 9, 8).ShouldBe([0, 0, 9, 0]);
    }

    [Fact]
    public void JumpReLU_is_strict_and_a_negative_threshold_acts_as_zero()
    {
        Encoded(SparseArchitecture.JumpRelu, null, [1, 1, -3, 0.5f], 1, 1.5f, -2, 0.25f).ShouldBe([0, 1.5f, 0, 0]);
    }

    [Fact]
    public void A_gate_decides_and_a_magnitude_follows()
    {
        var config = Config(SparseArchitecture.Gated, null);
        using var sut = new SparseAutoencoder(config, new SparseWeights
        {
            Encoder = eye(Width),
            Decoder = eye(Width),
            DecoderBias = zeros(Width),
            GateBias = tensor(new[] { -1f, 0, 0, 0 }),
            MagnitudeScale = full(Width, Math.Log(2), ScalarType.Float32),
            MagnitudeBias = tensor(new[] { 0f, 0, 1, -10 }),
        });

        // Gates: 1 - 1 is not above 0, 2 and 3 are, and so is 4, whose magnitude 2 * 4 - 10 is cut at 0.
        Values(sut.Encode(tensor(new[] { 1f, 2, 3, 4 }))).ShouldBe([0, 4, 7, 0], 1e-5f);
    }

    [Fact]
    public void The_decoder_norm_can_decide_without_changing_the_latents_units()
    {
        SparseWeights weights = Weights() with { Decoder = diag(tensor(new[] { 10f, 1, 1, 1 })) };
        using var selected = new SparseAutoencoder(Config(SparseArchitecture.TopK, 1) with { SelectByDecoderNorm = true }, weights.Map(w => w.clone()));
        using var rescaled = new SparseAutoencoder(Config(SparseArchitecture.TopK, 1) with { RescaleByDecoderNorm = true }, weights.Map(w => w.clone()));
        using Tensor x = tensor(new[] { 1f, 2, 3, 4 });

        Values(selected.Encode(x)).ShouldBe([1, 0, 0, 0]);
        Values(rescaled.Encode(x)).ShouldBe([10, 0, 0, 0]);
        Values(selected.Reconstruct(x)).ShouldBe([10, 0, 0, 0]);
        Values(rescaled.Reconstruct(x)).ShouldBe([10, 0, 0, 0]);
    }

    [Theory]
    [InlineData(InputNormalization.LayerNorm)]
    [InlineData(InputNormalization.ConstantNormRescale)]
    public void A_normalised_dictionary_does_not_see_the_scale_of_its_input_and_gives_it_back(InputNormalization normalization)
    {
        using var scope = NewDisposeScope();
        using var sut = new SparseAutoencoder(Config(SparseArchitecture.Relu, null) with { Normalization = normalization }, Weights());
        Tensor x = tensor(new[,] { { 1f, 5, -2, 7 }, { 0.5f, 0.25f, 3, 1 } });

        TensorAssert.CloseToScale(sut.Encode(x), sut.Encode(x * 100), 1e-4, "z");
        TensorAssert.CloseToScale(sut.Reconstruct(x) * 100, sut.Reconstruct(x * 100), 1e-4, "x_hat");
        sut.Encode(zeros(1, Width)).isfinite().all().item<bool>().ShouldBeTrue("zeros have no scale");
    }

    [Fact]
    public void One_unit_of_a_latent_moves_a_normalised_reconstruction_by_its_direction_times_the_rows_scale()
    {
        using var scope = NewDisposeScope();
        using var sut = new SparseAutoencoder(Config(SparseArchitecture.Relu, null) with { Normalization = InputNormalization.LayerNorm }, Weights());
        Tensor x = tensor(new[,] { { 1f, 5, -2, 7 } });

        x.std(-1).item<float>().ShouldBe(sut.OutputScale(x)!.item<float>(), 1e-5f);
    }

    [Fact]
    public void A_skip_transcoder_adds_what_it_reads_through_its_matrix()
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = Config(SparseArchitecture.Relu, null) with { OutputWidth = 2, OutputHook = "blocks.0.hook_mlp_out", SubtractDecoderBias = false };
        using var sut = new SparseAutoencoder(config, new SparseWeights
        {
            Encoder = eye(Width),
            EncoderBias = zeros(Width),
            Decoder = ones(Width, 2),
            DecoderBias = tensor(new[] { 0.5f, 0 }),
            Skip = tensor(new[,] { { 0f, 0, 0, 0 }, { 1f, 0, 0, 0 } }),
        });
        Tensor x = tensor(new[,] { { -3f, 2, 0, 0 } });

        Values(sut.Reconstruct(x)).ShouldBe([2.5f, -1]);
        Values(sut.Reconstruct(x, sut.EncodeSparse(x))).ShouldBe([2.5f, -1]);
        sut.Outputs[0].ShouldBe(new DictionarySite("blocks.0.hook_mlp_out", 2));
    }

    [Fact]
    public void A_decoder_row_without_length_decodes_to_nothing()
    {
        SparseWeights weights = Weights() with { Decoder = diag(tensor(new[] { 0f, 1, 1, 1 })) };
        using var sut = new SparseAutoencoder(Config(SparseArchitecture.TopK, 4) with { RescaleByDecoderNorm = true }, weights);

        Values(sut.Reconstruct(tensor(new[] { 1f, 2, 3, 4 }))).ShouldBe([0, 2, 3, 4]);
    }

    [Fact]
    public void Tensors_that_are_not_those_of_the_architecture_are_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => new SparseAutoencoder(Config(SparseArchitecture.Gated, null), Weights())).Message.ShouldContain("r_mag");
        Should.Throw<ArgumentException>(() => new SparseAutoencoder(Config(SparseArchitecture.JumpRelu, null), Weights())).Message.ShouldContain("threshold");
        Should.Throw<ArgumentException>(() => new SparseAutoencoder(Config(SparseArchitecture.Relu, null), Weights() with { DecoderBias = zeros(3) })).Message.ShouldContain("b_dec");
    }

    [Fact]
    public void Groups_that_do_not_divide_the_latents_are_refused()
    {
        Should.Throw<WorkbenchException>(() => Config(SparseArchitecture.GroupMax, 3).Validate("cfg.json")).Message.ShouldContain("3 groups");
    }

    private static float[] Encoded(SparseArchitecture architecture, int? k, params float[] x)
    {
        return Encoded(architecture, k, [], x);
    }

    private static float[] Encoded(SparseArchitecture architecture, int? k, float[] thresholds, params float[] x)
    {
        SparseWeights weights = thresholds.Length == 0 ? Weights() : Weights() with { Threshold = tensor(thresholds) };
        using var sut = new SparseAutoencoder(Config(architecture, k), weights);
        using Tensor input = tensor(x).reshape(1, Width);
        float[] dense = Values(sut.Encode(input));
        Values(sut.EncodeSparse(input).ToDense()).ShouldBe(dense);
        return dense;
    }

    private static SparseAutoencoderConfig Config(SparseArchitecture architecture, int? k)
    {
        return new SparseAutoencoderConfig { Architecture = architecture, Width = Width, Latents = Width, K = k };
    }

    private static SparseWeights Weights()
    {
        return new SparseWeights { Encoder = eye(Width), EncoderBias = zeros(Width), Decoder = eye(Width), DecoderBias = zeros(Width) };
    }

    private static float[] Values(Tensor tensor)
    {
        using Tensor local = tensor.contiguous();
        return local.data<float>().ToArray();
    }
}
