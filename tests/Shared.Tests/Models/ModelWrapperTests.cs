using System.Text.Json.Nodes;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>Golden models as the text's part of a model that sees, made by renaming.</summary>
[Trait("Category", "Golden")]
public sealed class ModelWrapperTests : IDisposable
{
    private static readonly Dictionary<string, string> s_wrappers = new(StringComparer.Ordinal)
    {
        ["gemma3_text"] = "gemma3", ["mistral"] = "mistral3", ["llama"] = "llava",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData("language_model.model.", "language_model.lm_head.", "")]
    [InlineData("model.language_model.", "lm_head.", "model.")]
    public void The_part_that_reads_text_gives_the_references_hooks(string body, string head, string others)
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string folder = Write(golden, body, head, others);
            ModelFiles files = ModelFiles.Find(folder);
            string left = files.DescribeLeftAside().ShouldNotBeNull();
            left.ShouldContain("3 tensors");
            left.ShouldContain(others + "multi_modal_projector.mm_input_projection_weight");
            using LanguageModel model = files.LoadModel(precision: MatrixPrecision.Float32);
            golden.RequireHooks(model);
        }
    }

    [Theory]
    [InlineData("audio_tower.layers.0.weight")]
    [InlineData("vision_tower_2.weight")]
    [InlineData("language_model.model.surplus.weight")]
    [InlineData("language_model.surplus.weight")]
    public void A_tensor_that_belongs_to_neither_part_is_refused(string surplus)
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string folder = Write(golden, "language_model.model.", "language_model.lm_head.", string.Empty, surplus);
            Should.Throw<WorkbenchException>(() => ModelFiles.Find(folder).LoadModel(precision: MatrixPrecision.Float32))
                .Message.ShouldContain(surplus.Split('.')[^2]);
        }
    }

    [Fact]
    public void A_field_of_the_whole_that_nobody_knows_and_a_text_part_that_is_not_ours_are_named()
    {
        LanguageModelCase golden = Cases()[0];
        string folder = Write(golden, "language_model.model.", "language_model.lm_head.", string.Empty);
        Change(folder, config => config["logit_scale"] = 0.5);
        Should.Throw<WorkbenchException>(() => ModelFiles.Find(folder).ReadConfig()).Message.ShouldContain("'logit_scale'");
        Change(folder, config =>
        {
            _ = config.Remove("logit_scale");
            config["text_config"]!["model_type"] = "mixtral";
        });
        string message = Should.Throw<WorkbenchException>(() => ModelFiles.Find(folder).ReadConfig()).Message;
        message.ShouldContain("text_config: 'model_type' is 'mixtral'");
        message.ShouldContain("gemma3");
    }

    [Fact]
    public void What_a_published_config_leaves_out_has_the_references_defaults()
    {
        string folder = _folder.At("published");
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            """
            {"architectures":["Gemma3ForConditionalGeneration"],"boi_token_index":255999,"eoi_token_index":256000,"eos_token_id":[1,106],
             "image_token_index":262144,"initializer_range":0.02,"mm_tokens_per_image":256,"model_type":"gemma3","torch_dtype":"bfloat16",
             "text_config":{"hidden_size":2560,"intermediate_size":10240,"model_type":"gemma3_text","num_hidden_layers":34,
             "rope_scaling":{"factor":8.0,"rope_type":"linear"},"sliding_window":1024},"transformers_version":"4.50.0.dev0",
             "vision_config":{"hidden_size":1152,"model_type":"siglip_vision_model"}}
            """);
        ModelConfig config = ModelFiles.Find(folder).ReadConfig();
        (config.Heads, config.KeyValueHeads, config.HeadDim, config.VocabularySize, config.ContextLength).ShouldBe((8, 4, 256, 262208, 131072));
        config.EosIds.ShouldBe([1, 106]);
        config.Rope.ShouldBe(new RopeSettings(1_000_000, new LinearRopeScaling(8)));
        config.LocalRope.ShouldBe(new RopeSettings(10_000));
        config.WindowedLayers.Select((windowed, layer) => (windowed, layer)).ShouldAllBe(entry => entry.windowed == ((entry.layer + 1) % 6 != 0));
    }

    private static LanguageModelCase[] Cases()
    {
        LanguageModelCase[] cases = [.. LanguageModelCase.All().Where(golden => golden.IsWhole && s_wrappers.ContainsKey(golden.Family))];
        Assert.SkipWhen(cases.Length == 0, "There is no reference model of a family that comes with other parts.");
        return cases;
    }

    private string Write(LanguageModelCase golden, string body, string head, string others, string? surplus = null)
    {
        string folder = _folder.At($"{golden.Name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        JsonObject text = JsonNode.Parse(File.ReadAllText(Path.Combine(golden.Folder, "config.json")))!.AsObject();
        JsonNode? ends = text["eos_token_id"]?.DeepClone();
        _ = text.Remove("eos_token_id");
        var whole = new JsonObject
        {
            ["model_type"] = s_wrappers[golden.Family],
            ["eos_token_id"] = ends,
            ["text_config"] = text,
            ["vision_config"] = new JsonObject { ["hidden_size"] = 7 },
            ["image_token_index"] = 3,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), whole.ToJsonString());
        using var scope = NewDisposeScope();
        SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(golden.Folder, "model.safetensors"));
        List<(string, Tensor)> tensors =
        [
            .. weights.Names.Select(name => (Renamed(name, body, head), weights.Load(name))),
            (others + "multi_modal_projector.mm_input_projection_weight", ones(2, 3)),
            (others + "vision_tower.vision_model.embeddings.patch_embedding.weight", ones(4)),
            (others + "vision_tower.vision_model.post_layernorm.bias", ones(1)),
        ];
        if (surplus is not null)
        {
            tensors.Add((surplus, ones(2)));
        }

        using FileStream file = File.Create(Path.Combine(folder, "model.safetensors"));
        SafetensorsWriter.Write(file, tensors);
        return folder;
    }

    private static string Renamed(string name, string body, string head)
    {
        return name.StartsWith("lm_head.", StringComparison.Ordinal) ? head + name["lm_head.".Length..] : body + name["model.".Length..];
    }

    private static void Change(string folder, Action<JsonObject> change)
    {
        string path = Path.Combine(folder, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }
}
