using System.Text.Json;
using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Where a run stands, beside its weights and moments.</summary>
internal sealed record PretrainState
{
    private const string MetadataKey = "workbench.pretrain";
    private const string WeightPrefix = "weight.";
    private const string MomentPrefix = "moment.";

    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Training time so far, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Step at which the decay began, once decided.</summary>
    public long? DecayStart { get; init; }

    /// <summary>Last step, once decided.</summary>
    public long? LastStep { get; init; }

    /// <summary>What was asked for, to refuse a resume with other options.</summary>
    public required PretrainOptions Options { get; init; }

    /// <summary>Number type of matrix products, resolved at the first start.</summary>
    public required string Precision { get; init; }

    /// <summary>Threads, resolved at the first start.</summary>
    public required int Threads { get; init; }

    /// <summary>Reads the state alone, or null where there is none.</summary>
    public static PretrainState? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        return SafetensorsFile.Open(path).Metadata.TryGetValue(MetadataKey, out string? json)
            ? JsonSerializer.Deserialize<PretrainState>(json, WorkbenchJson.Compact)
            : throw new WorkbenchException($"{path} is not the state of a pretraining run; delete it to start anew.");
    }

    /// <summary>Fills weights and moments from the file.</summary>
    public static void Restore(string path, LlamaParameters parameters, PretrainOptimizer optimizer)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (string name in parameters.Names)
        {
            parameters[name].copy_(file.Load(WeightPrefix + name));
        }

        foreach ((string name, Tensor moment) in optimizer.Moments)
        {
            moment.copy_(file.Load(MomentPrefix + name));
        }
    }

    /// <summary>Writes everything into one file, atomically.</summary>
    public void Save(string path, LlamaParameters parameters, PretrainOptimizer optimizer)
    {
        List<(string, Tensor)> tensors =
        [
            .. parameters.Names.Select(name => (WeightPrefix + name, parameters[name])),
            .. optimizer.Moments.Select(pair => (MomentPrefix + pair.Key, pair.Value)),
        ];
        var metadata = new Dictionary<string, string> { [MetadataKey] = JsonSerializer.Serialize(this, WorkbenchJson.Compact) };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));
    }
}
