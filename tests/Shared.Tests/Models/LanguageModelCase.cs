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

    /// <summary>-log p of each next token, float32 [batch, seq - 1].</summary>
    public static Tensor LossPerToken(Tensor logits, Tensor ids)
    {
        long length = ids.shape[1] - 1;
        Tensor logProbabilities = nn.functional.log_softmax(logits.narrow(1, 0, length).to(ScalarType.Float64), -1);
        return -logProbabilities.gather(2, ids.narrow(1, 1, length).unsqueeze(-1)).squeeze(-1);
    }
}
