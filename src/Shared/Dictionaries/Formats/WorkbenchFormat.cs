using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>The workbench's own layout, <c>cfg.json</c> and <c>weights.safetensors</c>, for what SAELens has no form for.</summary>
internal sealed class WorkbenchFormat : IDictionaryFormat
{
    /// <summary>File with sizes and options.</summary>
    public const string ConfigFile = "cfg.json";

    /// <summary>File with the weights.</summary>
    public const string WeightsFile = "weights.safetensors";

    private const int Version = 1;

    private static readonly IWorkbenchKind[] s_kinds = [new SparseKind(), new CrosscoderKind()];

    /// <inheritdoc/>
    public string Name => "workbench";

    /// <inheritdoc/>
    public string Files => $"a folder with {ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    /// <inheritdoc/>
    public ILatentModel Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        JsonFields fields = JsonFields.Read(Path.Combine(path, ConfigFile));
        if (fields.Text("format", null) != Name || fields.RequiredInteger("format_version") != Version)
        {
            throw fields.Bad("format", $"{Name}, version {Version}", $"'{fields.Text("format", null)}', version {fields.Integer("format_version")}");
        }

        string name = fields.Text("kind", null);
        IWorkbenchKind kind = s_kinds.FirstOrDefault(known => known.Name == name)
            ?? throw fields.Bad("kind", string.Join(", ", s_kinds.Select(known => known.Name)), $"'{name}'");
        fields.RefuseUnknown(kind.Keys.Concat(["format", "format_version", "kind"]).ToHashSet());
        var tensors = new StrictTensors(SafetensorsFile.Open(Path.Combine(path, WeightsFile)), $"kind '{name}'", device);
        ILatentModel model = kind.Read(fields, tensors, device);
        tensors.RefuseRest();
        return model;
    }

    /// <inheritdoc/>
    public string? Obstacle(ILatentModel model)
    {
        return s_kinds.Any(kind => kind.Holds(model)) ? null : $"it has no kind for a {model?.GetType().Name}";
    }

    /// <inheritdoc/>
    public void Save(ILatentModel model, string folder)
    {
        if (Obstacle(model) is string obstacle)
        {
            throw new WorkbenchException($"The {Name} layout cannot hold this dictionary: {obstacle}.");
        }

        IWorkbenchKind kind = s_kinds.First(known => known.Holds(model));
        (JsonObject config, IReadOnlyList<(string, Tensor)> tensors) = kind.Describe(model);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, WeightsFile), stream => SafetensorsWriter.Write(stream, tensors));
        var json = new JsonObject { ["format"] = Name, ["format_version"] = Version, ["kind"] = kind.Name };
        foreach ((string key, JsonNode? value) in config)
        {
            json[key] = value?.DeepClone();
        }

        AtomicFile.WriteText(Path.Combine(folder, ConfigFile), JsonSerializer.Serialize(json, WorkbenchJson.Options) + "\n");
    }
}
