using System.Text.Json;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

[Trait("Category", "Golden")]
public sealed class SmolLm2GoldenTests(SmolLm2Model fixture) : IClassFixture<SmolLm2Model>
{
    private const double LogitTolerance = 1e-3;
    private const double HookTolerance = 1e-4;
    private const double LossTolerance = 1e-3;
    private const double DivergenceTolerance = 1e-4;

    [Fact]
    public void Prompts_are_tokenized_and_continued_as_the_reference_does()
    {
        (LoadedModel loaded, JsonElement expected, SafetensorsFile reference) = fixture.Require();
        int index = 0;
        foreach (JsonElement prompt in expected.GetProperty("prompts").EnumerateArray())
        {
            using var scope = NewDisposeScope();
            int[] ids = Ids(prompt, "ids");
            int[] greedy = Ids(prompt, "greedy_ids");
            loaded.Tokenizer.Encode(prompt.GetProperty("text").GetString()!).ShouldBe(ids);
            Tensor given = reference.Load($"prompt.{index}.input_ids").unsqueeze(0);
            given.data<long>().ToArray().ShouldBe(ids.Select(id => (long)id));
            Tensor last = loaded.Model.Forward(given, logits: LogitPositions.Last)!.flatten();
            TensorAssert.CloseTo(reference.Load($"prompt.{index}.last_logits"), last, LogitTolerance, $"prompt {index}");
            TopLogits(prompt, last);
            var options = new GenerationOptions { MaxTokens = greedy.Length, StopAtEos = false };
            GeneratedToken[] made = [.. new Workbench.Models.Generator(loaded.Model, loaded.Tokenizer).Generate(ids, options)];
            made.Select(token => token.Id).ShouldBe(greedy);
            loaded.Tokenizer.Decode(greedy).ShouldBe(prompt.GetProperty("greedy_text").GetString());
            index++;
        }

        index.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_long_text_has_the_references_hooks_logits_and_losses()
    {
        (LoadedModel loaded, JsonElement expected, SafetensorsFile reference) = fixture.Require();
        using var scope = NewDisposeScope();
        JsonElement text = expected.GetProperty("long");
        loaded.Tokenizer.Encode(text.GetProperty("text").GetString()!).ShouldBe(Ids(text, "ids"));
        Tensor ids = reference.Load("long.input_ids").unsqueeze(0);
        var seen = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Hook[] hooks =
        [
            .. reference.Names.Where(name => name.StartsWith("long.", StringComparison.Ordinal) && name.Contains("hook_", StringComparison.Ordinal))
                .Select(name => HookPoint.Parse(name["long.".Length..]))
                .Select(point => new Hook(point, (value, _) =>
                {
                    seen[point.Name] = value.DetachFromDisposeScope();
                    return null;
                })),
        ];
        Tensor logits = loaded.Model.Forward(ids, hooks)!;
        hooks.ShouldNotBeEmpty();
        foreach (Hook hook in hooks)
        {
            Tensor wanted = reference.Load($"long.{hook.Point}");
            TensorAssert.CloseToScale(wanted, seen[hook.Point.Name].reshape(wanted.shape), HookTolerance, hook.Point.Name);
        }

        TensorAssert.CloseTo(reference.Load("long.last_logits"), logits[0, -1], LogitTolerance, "last logits");
        logits[0].argmax(-1).data<long>().ToArray().ShouldBe(reference.Load("long.argmax").data<long>().ToArray());
        Tensor losses = LanguageModelCase.LossPerToken(logits, ids)[0];
        TensorAssert.CloseTo(reference.Load("long.loss_per_token"), losses, LossTolerance, "losses");
        losses.mean().item<double>().ShouldBe(text.GetProperty("mean_loss").GetDouble(), LossTolerance);
    }

    [Fact]
    public void A_vector_added_to_the_middle_changes_the_text_as_in_the_reference()
    {
        (LoadedModel loaded, JsonElement expected, SafetensorsFile reference) = fixture.Require();
        using var scope = NewDisposeScope();
        JsonElement edit = expected.GetProperty("edit");
        Tensor ids = reference.Load("long.input_ids").unsqueeze(0);
        Tensor vector = reference.Load("edit.vector");
        Tensor clean = loaded.Model.Forward(ids)!;
        Tensor edited = loaded.Model.Forward(ids, [new Hook(HookPoint.Parse(EditHook(edit)), (value, _) => value + vector)])!;
        TensorAssert.CloseTo(reference.Load("edit.last_logits"), edited[0, -1], LogitTolerance, "last logits");
        Tensor losses = LanguageModelCase.LossPerToken(edited, ids)[0];
        TensorAssert.CloseTo(reference.Load("edit.loss_per_token"), losses, LossTolerance, "losses");
        losses.mean().item<double>().ShouldBe(edit.GetProperty("mean_loss").GetDouble(), LossTolerance);
        Tensor p = nn.functional.log_softmax(clean[0].to(ScalarType.Float64), -1);
        Tensor q = nn.functional.log_softmax(edited[0].to(ScalarType.Float64), -1);
        double divergence = (p.exp() * (p - q)).sum(-1).mean().item<double>();
        divergence.ShouldBe(edit.GetProperty("mean_kl_clean_to_edited").GetDouble(), DivergenceTolerance);
    }

    private static string EditHook(JsonElement edit)
    {
        return edit.GetProperty("hook").GetString()!;
    }

    private static int[] Ids(JsonElement element, string field)
    {
        return [.. element.GetProperty(field).EnumerateArray().Select(id => id.GetInt32())];
    }

    private static void TopLogits(JsonElement prompt, Tensor logits)
    {
        int[] ids = Ids(prompt, "top20_ids");
        (Tensor values, Tensor indices) = logits.topk(ids.Length);
        indices.data<long>().ToArray().ShouldBe(ids.Select(id => (long)id));
        double[] wanted = [.. prompt.GetProperty("top20_logits").EnumerateArray().Select(value => value.GetDouble())];
        TensorAssert.CloseTo(tensor(wanted), values, LogitTolerance, "top logits");
    }
}
