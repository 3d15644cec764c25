using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>Golden models with one thing wrong are refused, whatever their family.</summary>
[Trait("Category", "Golden")]
public sealed class StrictModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_missing_a_surplus_and_a_misshapen_tensor_are_named()
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string[] names = [.. SafetensorsFile.Open(Weights(golden.Folder)).Names];
            foreach (string name in new[] { names[0], names[names.Length / 2], names[^1] })
            {
                Refused(golden, name, tensors => tensors.Remove(name));
                Refused(golden, name, tensors => tensors[name] = cat([tensors[name], tensors[name]], 0));
            }

            Refused(golden, "surplus.weight", tensors => tensors["surplus.weight"] = ones(2));
        }
    }

    [Fact]
    public void A_buffer_of_another_family_is_refused()
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string foreign = golden.Family == "gpt_neox" ? "transformer.h.0.attn.bias" : "gpt_neox.layers.0.attention.rotary_emb.inv_freq";
            Refused(golden, foreign, tensors => tensors[foreign] = ones(4));
        }
    }

    [Theory]
    [InlineData("quantization_config", "{\"bits\":4}")]
    [InlineData("logit_scale", "0.5")]
    [InlineData("num_experts", "8")]
    public void A_config_field_that_nobody_knows_is_named(string field, string value)
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string copy = Copy(golden);
            JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(copy, "config.json")))!.AsObject();
            config[field] = JsonNode.Parse(value);
            File.WriteAllText(Path.Combine(copy, "config.json"), config.ToJsonString());
            Should.Throw<WorkbenchException>(() => ModelFiles.Find(copy).ReadConfig()).Message.ShouldContain($"'{field}'");
        }
    }

    [Fact]
    public void Every_number_of_a_config_may_be_absurd_without_harm()
    {
        foreach (LanguageModelCase golden in Cases())
        {
            string copy = Copy(golden);
            string path = Path.Combine(copy, "config.json");
            string original = File.ReadAllText(path);
            string[] numbers =
            [
                .. JsonNode.Parse(original)!.AsObject()
                    .Where(pair => pair.Value is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
                    .Select(pair => pair.Key),
            ];
            foreach ((string field, long value) in numbers.SelectMany(field => new[] { -1, 0, int.MaxValue, long.MaxValue }.Select(value => (field, value))))
            {
                JsonObject config = JsonNode.Parse(original)!.AsObject();
                config[field] = value;
                File.WriteAllText(path, config.ToJsonString());
                LoadOrRefuse(copy);
            }
        }
    }

    private static void LoadOrRefuse(string folder)
    {
        try
        {
            ModelFiles.Find(folder).LoadModel(precision: MatrixPrecision.Float32).Dispose();
        }
        catch (WorkbenchException refusal)
        {
            refusal.Message.ShouldContain(folder);
        }
    }

    private static LanguageModelCase[] Cases()
    {
        return [.. LanguageModelCase.All().Where(golden => golden.IsWhole)];
    }

    private static string Weights(string folder)
    {
        return Path.Combine(folder, "model.safetensors");
    }

    private string Copy(LanguageModelCase golden)
    {
        string copy = _folder.At(golden.Name);
        Directory.CreateDirectory(copy);
        foreach (string name in new[] { "config.json", "model.safetensors" })
        {
            File.WriteAllBytes(Path.Combine(copy, name), File.ReadAllBytes(Path.Combine(golden.Folder, name)));
        }

        return copy;
    }

    private void Refused(LanguageModelCase golden, string named, Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        string copy = Copy(golden);
        SafetensorsFile file = SafetensorsFile.Open(Weights(golden.Folder));
        Dictionary<string, Tensor> tensors = file.Names.ToDictionary(name => name, name => file.Load(name));
        change(tensors);
        using var bytes = new MemoryStream();
        SafetensorsWriter.Write(bytes, [.. tensors.Select(pair => (pair.Key, pair.Value))]);
        File.WriteAllBytes(Weights(copy), bytes.ToArray());
        string message = Should.Throw<WorkbenchException>(() => ModelFiles.Find(copy).LoadModel(precision: MatrixPrecision.Float32)).Message;
        message.ShouldContain($"'{named}'");
        message.ShouldContain(Weights(copy));
    }
}
