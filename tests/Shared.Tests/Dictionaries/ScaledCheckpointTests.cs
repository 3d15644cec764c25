using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models.Weights;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

/// <summary>SAELens' training checkpoints keep the factor by which activations were scaled in a file of its own.</summary>
public sealed class ScaledCheckpointTests : IDisposable
{
    private const int Width = 6;
    private const int Latents = 10;
    private const double Factor = 2.5;

    private readonly string _folder = Directory.CreateTempSubdirectory("scaled").FullName;
    private readonly torch.Generator _generator = new(17, CPU);
    private readonly (string Name, Tensor Tensor)[] _weights;

    public ScaledCheckpointTests()
    {
        _weights = [("W_enc", Random(Width, Latents)), ("b_enc", Random(Latents)), ("W_dec", Random(Latents, Width)), ("b_dec", Random(Width))];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_factor_beside_the_checkpoint_is_folded_so_that_the_function_of_raw_activations_is_that_of_training(bool rescale)
    {
        Write("topk", rescale, "none", null, _weights);
        using SparseAutoencoder trained = DictionaryLoader.LoadSparse(_folder);
        Write("topk", rescale, "expected_average_only_in", $$"""{"scaling_factor": {{Factor}}, "has_whitening": false}""", _weights);

        using SparseAutoencoder folded = DictionaryLoader.LoadSparse(_folder);

        using Tensor x = Random(30, Width);
        TensorAssert.CloseToScale(trained.Reconstruct(x * Factor) / Factor, folded.Reconstruct(x), 1e-5, "x_hat");
        (trained.Encode(x * Factor) != 0).Equals(folded.Encode(x) != 0).ShouldBeTrue("the same latents are on");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_threshold_of_a_batch_wide_choice_is_folded_with_the_factor(bool rescale)
    {
        (string, Tensor)[] weights = [.. _weights, ("topk_threshold", tensor(0.7).to(ScalarType.Float64))];
        Write("batchtopk", rescale, "none", null, weights);
        using SparseAutoencoder trained = DictionaryLoader.LoadSparse(_folder);
        Write("batchtopk", rescale, "expected_average_only_in", $$"""{"scaling_factor": {{Factor}}}""", weights);

        using SparseAutoencoder folded = DictionaryLoader.LoadSparse(_folder);

        using Tensor x = Random(30, Width);
        (trained.Encode(x * Factor) != 0).Equals(folded.Encode(x) != 0).ShouldBeTrue("the same latents are on");
        TensorAssert.CloseToScale(trained.Reconstruct(x * Factor) / Factor, folded.Reconstruct(x), 1e-5, "x_hat");
    }

    [Theory]
    [InlineData("none", """{"scaling_factor": 2.5}""", "2.5")]
    [InlineData("expected_average_only_in", """{"scaling_factor": null}""", "expected_average_only_in")]
    [InlineData("expected_average_only_in", """{"scaling_factor": 2.5, "has_whitening": true}""", "has_whitening")]
    [InlineData("expected_average_only_in", """{"scaling_factor": 2.5, "offset": 1}""", "offset")]
    public void A_factor_that_is_missing_or_not_wanted_is_refused(string normalization, string scaler, string named)
    {
        Write("topk", false, normalization, scaler, _weights);

        Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(_folder)).Message.ShouldContain(named);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Array.ForEach(_weights, weight => weight.Tensor.Dispose());
        _generator.Dispose();
    }

    private Tensor Random(params long[] shape)
    {
        return randn(shape, generator: _generator);
    }

    private void Write(string architecture, bool rescale, string normalization, string? scaler, (string, Tensor)[] weights)
    {
        var config = new JsonObject
        {
            ["architecture"] = architecture, ["d_in"] = Width, ["d_sae"] = Latents, ["k"] = 3, ["rescale_acts_by_decoder_norm"] = rescale,
            ["normalize_activations"] = normalization, ["metadata"] = new JsonObject { ["sae_lens_version"] = "6.50.0" },
        };
        File.WriteAllText(Path.Combine(_folder, SaeLensFormat.ConfigFile), config.ToJsonString());
        using (FileStream file = File.Create(Path.Combine(_folder, SaeLensFormat.WeightsFile)))
        {
            SafetensorsWriter.Write(file, weights);
        }

        if (scaler is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "activation_scaler.json"), scaler);
        }
    }
}
