using System.Text.Json.Nodes;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Dictionaries;

public sealed class StrictLoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strict").FullName;

    public StrictLoadingTests()
    {
        WriteConfig(_ => { });
        WriteWeights(Weights());
    }

    [Fact]
    public void What_the_tests_below_damage_loads_when_whole()
    {
        using SparseAutoencoder sut = DictionaryLoader.LoadSparse(_folder);

        sut.Config.K.ShouldBe(3);
        sut.Inputs[0].ShouldBe(new DictionarySite("blocks.1.hook_mlp_out", 4));
    }

    [Theory]
    [InlineData("surprise", "1", "surprise")]
    [InlineData("k", "13", "13")]
    [InlineData("k", "0", "k is 0")]
    [InlineData("k", "2.5", "2.5")]
    [InlineData("k", "null", "k is missing")]
    [InlineData("d_in", "null", "d_in")]
    [InlineData("d_in", "5", "W_enc")]
    [InlineData("dtype", "\"int8\"", "int8")]
    [InlineData("architecture", "\"gated\"", "b_gate")]
    [InlineData("architecture", "\"hypertopk\"", "hypertopk")]
    [InlineData("architecture", "\"transcoder\"", "d_out")]
    [InlineData("normalize_activations", "\"expected_average_only_in\"", "factor")]
    [InlineData("normalize_activations", "\"z_score\"", "z_score")]
    [InlineData("reshape_activations", "\"hook_q\"", "hook_q")]
    [InlineData("rescale_acts_by_decoder_norm", "\"yes\"", "rescale_acts_by_decoder_norm")]
    [InlineData("architecture", "\"jumprelu\"", "threshold")]
    public void A_setting_that_is_not_understood_is_refused_by_name(string key, string value, string named)
    {
        WriteConfig(config => config[key] = JsonNode.Parse(value));

        Refusal().ShouldContain(named);
    }

    [Fact]
    public void A_tensor_that_the_architecture_lacks_is_refused_by_name()
    {
        WriteWeights([.. Weights(), ("W_skip", zeros(4, 4))]);

        Refusal().ShouldContain("W_skip");
    }

    [Fact]
    public void A_missing_tensor_is_refused_by_name()
    {
        WriteWeights([.. Weights().Where(weight => weight.Name != "b_dec")]);

        Refusal().ShouldContain("b_dec");
    }

    [Fact]
    public void Whole_numbers_for_weights_are_refused_by_name()
    {
        WriteWeights([.. Weights().Select(weight => weight.Name == "b_enc" ? (weight.Name, weight.Tensor.to(ScalarType.Int32)) : weight)]);

        Refusal().ShouldContain("Int32");
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void Weights_that_are_not_finite_are_refused_by_name(float value, string named)
    {
        (string Name, Tensor Tensor)[] weights = Weights();
        weights[2].Tensor[3, 1] = value;
        WriteWeights(weights);

        string refusal = Refusal();

        refusal.ShouldContain("W_dec");
        refusal.ShouldContain(named);
    }

    [Fact]
    public void A_folder_without_a_dictionary_is_refused_with_the_files_that_were_expected()
    {
        string empty = Path.Combine(_folder, "empty");
        Directory.CreateDirectory(empty);

        string message = Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(empty)).Message;

        message.ShouldContain(SaeLensFormat.ConfigFile);
        message.ShouldContain(SaeLensFormat.WeightsFile);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private static (string Name, Tensor Tensor)[] Weights()
    {
        return [("W_enc", ones(4, 12)), ("b_enc", zeros(12)), ("W_dec", ones(12, 4)), ("b_dec", zeros(4))];
    }

    private string Refusal()
    {
        string message = Should.Throw<WorkbenchException>(() => DictionaryLoader.Load(_folder)).Message;
        message.ShouldContain(_folder);
        return message;
    }

    private void WriteConfig(Action<JsonObject> change)
    {
        var config = new JsonObject
        {
            ["architecture"] = "topk", ["d_in"] = 4, ["d_sae"] = 12, ["k"] = 3, ["dtype"] = "float32", ["device"] = "cpu",
            ["apply_b_dec_to_input"] = true, ["normalize_activations"] = "none", ["reshape_activations"] = "none",
            ["metadata"] = new JsonObject { ["sae_lens_version"] = "6.1.0", ["hook_name"] = "blocks.1.hook_mlp_out" },
        };
        change(config);
        File.WriteAllText(Path.Combine(_folder, SaeLensFormat.ConfigFile), config.ToJsonString());
    }

    private void WriteWeights((string Name, Tensor Tensor)[] weights)
    {
        using FileStream file = File.Create(Path.Combine(_folder, SaeLensFormat.WeightsFile));
        SafetensorsWriter.Write(file, weights);
    }
}
