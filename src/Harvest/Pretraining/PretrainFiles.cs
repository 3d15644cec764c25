using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Harvest.Pretraining;

/// <summary>Where a pretraining run keeps its files.</summary>
internal sealed class PretrainFiles
{
    public PretrainFiles(string folder, string? kept)
    {
        Folder = Path.GetFullPath(folder);
        Kept = kept;
    }

    /// <summary>The model's folder.</summary>
    public string Folder { get; }

    /// <summary>Where log-spaced checkpoints go, or null.</summary>
    public string? Kept { get; }

    /// <summary>Weights, moments and place of an unfinished run.</summary>
    public string State => Path.Combine(Folder, "pretrain-state.safetensors");

    /// <summary>The tokenizer.</summary>
    public string Tokenizer => Path.Combine(Folder, "tokenizer.json");

    /// <summary>The curve, one JSON object a line.</summary>
    public string Log => Path.Combine(Folder, "training.jsonl");

    /// <summary>Appends to the curve, dropping lines that a resumed run computes again.</summary>
    public void Append(PretrainLogEntry entry)
    {
        IEnumerable<string> earlier = File.Exists(Log)
            ? File.ReadLines(Log).Where(line => JsonSerializer.Deserialize<PretrainLogEntry>(line, WorkbenchJson.Compact)!.Step < entry.Step).ToList()
            : [];
        AtomicFile.WriteText(Log, string.Concat(earlier.Append(JsonSerializer.Serialize(entry, WorkbenchJson.Compact)).Select(line => line + "\n")));
    }

    /// <summary>The last point of the curve, or null.</summary>
    public PretrainLogEntry? LastEntry()
    {
        return File.Exists(Log) ? JsonSerializer.Deserialize<PretrainLogEntry>(File.ReadLines(Log).Last(), WorkbenchJson.Compact) : null;
    }
}
