using System.Text.Json;
using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>One architecture folder of golden/lm.</summary>
internal sealed class LanguageModelCase
{
    private const double Tolerance = 1e-4;

    private LanguageModelCase(string folder)
    {
        Folder = folder;
        Expected = Golden.Json(folder, "expected.json");
    }

    public string Folder { get; }

    public string Name => Path.GetFileName(Folder);

    public JsonElement Expected { get; }

    public string Family => Golden.Json(Folder, "config.json").GetProperty("model_type").GetString()!;

    /// <summary>Whether the folder is one architecture's own, with values for every hook, and no other form of another folder.</summary>
    public bool IsWhole => Expected.TryGetProperty("greedy", out _);

    /// <summary>Every architecture folder; the test is skipped where there is none.</summary>
    public static IReadOnlyList<LanguageModelCase> All()
    {
        string root = Golden.Require("lm");
        LanguageModelCase[] cases = [.. Golden.Cases(root, "config.json").Select(folder => new LanguageModelCase(folder))];
        Assert.SkipWhen(cases.Length == 0, $"{root} holds no model.");
        return cases;
    }

    public LanguageModel Load()
    {
        return ModelFiles.Find(Folder).LoadModel(precision: MatrixPrecision.Float32);
    }

    /// <summary>The reference tensors of the folder, or of the one whose values it shares.</summary>
    public SafetensorsFile Reference()
    {
        string folder = Expected.TryGetProperty("same_values_as", out JsonElement other)
            ? Path.Combine(Path.GetDirectoryName(Folder)!, other.GetString()!)
            : Folder;
        return SafetensorsFile.Open(Path.Combine(folder, "io.safetensors"));
    }

    /// <summary>Every hook, the logits and the losses match the reference.</summary>
    public void RequireHooks(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        SafetensorsFile reference = Reference();
        Tensor ids = reference.Load("input_ids");
        var seen = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Hook[] hooks = [.. reference.Names.Where(name => name.Contains("hook_", StringComparison.Ordinal)).Select(name => Recorder(HookPoint.Parse(name), seen))];
        Tensor logits = model.Forward(ids, hooks)!;
        TensorAssert.CloseToScale(reference.Load("logits"), logits, Tolerance, $"{Name}: logits");
        TensorAssert.CloseToScale(reference.Load("loss_per_token"), LossPerToken(logits, ids), Tolerance, $"{Name}: loss_per_token");
        foreach (Hook hook in hooks)
        {
            Tensor expected = reference.Load(hook.Point.Name);
            TensorAssert.CloseToScale(expected, seen[hook.Point.Name].reshape(expected.shape), Tolerance, $"{Name}: {hook.Point}");
        }
    }

    /// <summary>Greedy continuations match the reference, with and without a cache.</summary>
    public void RequireContinuations(LanguageModel model)
    {
        foreach (JsonElement text in Expected.GetProperty("greedy").EnumerateArray())
        {
            int[] prompt = [.. text.GetProperty("prompt").EnumerateArray().Select(id => id.GetInt32())];
            int[] expected = [.. text.GetProperty("new_ids").EnumerateArray().Select(id => id.GetInt32())];
            var options = new GenerationOptions { MaxTokens = expected.Length, StopAtEos = false };
            new Workbench.Models.Generator(model).Generate(prompt, options).Select(token => token.Id).ShouldBe(expected, Name);
            WithoutCache(model, prompt, expected.Length).ShouldBe(expected, Name);
        }
    }

    /// <summary>-log p of each next token, float32 [batch, seq - 1].</summary>
    public static Tensor LossPerToken(Tensor logits, Tensor ids)
    {
        long length = ids.shape[1] - 1;
        Tensor logProbabilities = nn.functional.log_softmax(logits.narrow(1, 0, length).to(ScalarType.Float64), -1);
        return -logProbabilities.gather(2, ids.narrow(1, 1, length).unsqueeze(-1)).squeeze(-1);
    }

    private static Hook Recorder(HookPoint point, Dictionary<string, Tensor> seen)
    {
        return new Hook(point, (value, _) =>
        {
            seen[point.Name] = value.DetachFromDisposeScope();
            return null;
        });
    }

    private static IEnumerable<int> WithoutCache(LanguageModel model, int[] prompt, int count)
    {
        var ids = prompt.ToList();
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            Tensor tokens = tensor(ids.ConvertAll(id => (long)id).ToArray(), [1, ids.Count], ScalarType.Int64);
            ids.Add((int)model.Forward(tokens, logits: LogitPositions.Last)!.flatten().argmax().item<long>());
        }

        return ids.Skip(prompt.Length);
    }
}
