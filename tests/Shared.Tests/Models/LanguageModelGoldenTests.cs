using System.Text.Json;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

[Trait("Category", "Golden")]
public sealed class LanguageModelGoldenTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void Every_hook_the_logits_and_the_losses_match_the_reference()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All())
        {
            using LanguageModel model = golden.Load();
            golden.RequireHooks(model);
        }
    }

    [Fact]
    public void The_config_in_the_form_of_transformers_4_says_the_same()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(g => File.Exists(Path.Combine(g.Folder, "config_v4.json"))))
        {
            string folder = Directory.CreateTempSubdirectory("workbench-v4-").FullName;
            try
            {
                File.Copy(Path.Combine(golden.Folder, "config_v4.json"), Path.Combine(folder, "config.json"));
                ModelConfig old = ModelFiles.Find(folder).ReadConfig();
                ModelConfig current = ModelFiles.Find(golden.Folder).ReadConfig();
                old.EosIds.ShouldBe(current.EosIds, golden.Name);
                old.WindowedLayers.ShouldBe(current.WindowedLayers, golden.Name);
                Scalars(old).ShouldBe(Scalars(current), golden.Name);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public void Greedy_continuations_match_with_and_without_a_cache()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(g => g.Expected.TryGetProperty("greedy", out _)))
        {
            using LanguageModel model = golden.Load();
            golden.RequireContinuations(model);
        }
    }

    [Fact]
    public void A_vector_added_at_a_hook_gives_the_references_logits()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(g => g.Expected.TryGetProperty("edit", out _)))
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            SafetensorsFile reference = golden.Reference();
            JsonElement edit = golden.Expected.GetProperty("edit");
            int from = edit.GetProperty("from_position").GetInt32();
            Tensor added = reference.Load("edit.vector") * edit.GetProperty("scale").GetDouble();
            var hook = new Hook(HookPoint.Parse(edit.GetProperty("hook").GetString()!), (value, _) =>
            {
                value.narrow(1, from, value.shape[1] - from).add_(added);
                return value;
            });
            TensorAssert.CloseToScale(
                reference.Load("edited.logits"), model.Forward(reference.Load("input_ids"), [hook])!, Tolerance, $"{golden.Name}: edited");
        }
    }

    [Fact]
    public void A_value_replaced_by_zero_gives_the_references_logits()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(g => g.Expected.TryGetProperty("ablation", out _)))
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            SafetensorsFile reference = golden.Reference();
            JsonElement ablation = golden.Expected.GetProperty("ablation");
            double value = ablation.GetProperty("value").GetDouble();
            var hook = new Hook(HookPoint.Parse(ablation.GetProperty("hook").GetString()!), (given, _) => full_like(given, value));
            TensorAssert.CloseToScale(
                reference.Load("ablated.logits"), model.Forward(reference.Load("input_ids"), [hook])!, Tolerance, $"{golden.Name}: ablated");
        }
    }

    [Fact]
    public void Right_padding_leaves_the_tokens_before_it_alone()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(g => g.Expected.TryGetProperty("padding", out _)))
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            SafetensorsFile reference = golden.Reference();
            Tensor mask = reference.Load("padded.attention_mask");
            Tensor logits = model.Forward(reference.Load("padded.input_ids"), attentionMask: mask)!;
            TensorAssert.CloseToScale(reference.Load("padded.logits"), logits * mask.unsqueeze(-1), Tolerance, $"{golden.Name}: padded");
        }
    }

    private static ModelConfig Scalars(ModelConfig config)
    {
        return config with { EosIds = [], WindowedLayers = [] };
    }
}
