using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class ModelFilesTests : IDisposable
{
    private readonly TemporaryFolder _workspace = new();
    private readonly string _model;

    public ModelFilesTests()
    {
        _model = new TinyModel().Write(_workspace.At("models", "tiny"));
    }

    public void Dispose()
    {
        _workspace.Dispose();
    }

    [Fact]
    public void A_model_is_found_by_its_name_in_a_workspace_and_by_its_folder()
    {
        ModelFiles.Find("tiny", _workspace.Path).Path.ShouldBe(_model);
        ModelFiles.Find(_model).Name.ShouldBe("tiny");
        ModelFiles.Find(_model).Hash.ShouldBe(ModelFiles.Find("tiny", _workspace.Path).Hash);
        Should.Throw<WorkbenchException>(() => ModelFiles.Find("absent", _workspace.Path)).Message.ShouldContain("'absent'");
    }

    [Fact]
    public void Load_gives_model_tokenizer_name_and_hash()
    {
        using LoadedModel loaded = ModelLoader.Load("tiny", new ModelLoadOptions { WorkspaceRoot = _workspace.Path, Precision = MatrixPrecision.Float32 });
        loaded.Name.ShouldBe("tiny");
        loaded.Hash.Length.ShouldBe(64);
        loaded.Tokenizer.VocabularySize.ShouldBe(loaded.Model.Config.VocabularySize);
    }

    [Theory]
    [InlineData("model_type", "\"mamba\"", "mamba")]
    [InlineData("model_type", null, "model_type")]
    [InlineData("hidden_act", "\"relu\"", "hidden_act")]
    [InlineData("hidden_size", "-3", "hidden_size")]
    [InlineData("hidden_size", "\"32\"", "hidden_size")]
    [InlineData("num_hidden_layers", null, "num_hidden_layers")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads")]
    [InlineData("head_dim", "7", "head_dim")]
    [InlineData("rms_norm_eps", "0", "rms_norm_eps")]
    [InlineData("tie_word_embeddings", "1", "tie_word_embeddings")]
    [InlineData("rope_parameters", "{\"rope_type\":\"yarn\",\"rope_theta\":10000.0}", "factor")]
    [InlineData("rope_parameters", "{\"rope_type\":\"llama3\",\"rope_theta\":10000.0}", "low_freq_factor")]
    [InlineData("rope_parameters", "[1]", "rope_parameters")]
    public void A_config_that_cannot_be_honoured_is_refused_with_the_name_of_the_field(string field, string? value, string named)
    {
        string path = Path.Combine(_model, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config.Remove(field);
        if (value is not null)
        {
            config[field] = JsonNode.Parse(value);
        }

        File.WriteAllText(path, config.ToJsonString());
        string message = Should.Throw<WorkbenchException>(() => ModelFiles.Find(_model).LoadModel(precision: MatrixPrecision.Float32)).Message;
        message.ShouldContain(named);
        message.ShouldContain("config.json");
    }

    [Fact]
    public void A_tensor_too_many_too_few_or_of_another_shape_is_refused()
    {
        Refuse("surplus.weight", tensors => tensors["surplus.weight"] = ones(2));
        Refuse("model.norm.weight", tensors => tensors.Remove("model.norm.weight"));
        Refuse("model.norm.weight", tensors => tensors["model.norm.weight"] = ones(33));
        Refuse("Int64", tensors => tensors["model.norm.weight"] = ones(32, ScalarType.Int64));
    }

    [Fact]
    public void Buffers_that_old_files_carry_are_left_out()
    {
        Rewrite(tensors => tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = ones(8));
        using LanguageModel model = ModelFiles.Find(_model).LoadModel(precision: MatrixPrecision.Float32);
        model.Config.Layers.ShouldBe(2);
    }

    private void Refuse(string named, Action<Dictionary<string, Tensor>> change)
    {
        byte[] kept = File.ReadAllBytes(Path.Combine(_model, "model.safetensors"));
        Rewrite(change);
        Should.Throw<WorkbenchException>(() => ModelFiles.Find(_model).LoadModel(precision: MatrixPrecision.Float32)).Message.ShouldContain(named);
        File.WriteAllBytes(Path.Combine(_model, "model.safetensors"), kept);
    }

    private void Rewrite(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(_model, "model.safetensors");
        SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, Tensor> tensors = file.Names.ToDictionary(name => name, name => file.Load(name).clone());
        change(tensors);
        using var bytes = new MemoryStream();
        SafetensorsWriter.Write(bytes, [.. tensors.Select(pair => (pair.Key, pair.Value))]);
        File.WriteAllBytes(path, bytes.ToArray());
    }
}
