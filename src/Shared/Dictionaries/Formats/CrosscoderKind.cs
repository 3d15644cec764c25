using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>Crosscoders in the workbench's own layout: the hooks with their widths, and the autoencoder over joined rows.</summary>
internal sealed class CrosscoderKind : IWorkbenchKind
{
    private const string Hooks = "hooks";

    private readonly SparseKind _joint = new();

    public CrosscoderKind()
    {
        Keys = _joint.Keys.Append(Hooks).ToHashSet(StringComparer.Ordinal);
    }

    public string Name => "crosscoder";

    public IReadOnlySet<string> Keys { get; }

    public bool Holds(ILatentModel model)
    {
        return model is Crosscoder;
    }

    public ILatentModel Read(JsonFields fields, StrictTensors tensors, Device device)
    {
        IReadOnlyList<DictionarySite> hooks = Sites(fields);
        var joint = (SparseAutoencoder)_joint.Read(fields, tensors, device);
        if (hooks.Sum(hook => hook.Width) == joint.Config.Width && !joint.Config.IsTranscoder)
        {
            return new Crosscoder(hooks, joint);
        }

        joint.Dispose();
        throw fields.Bad(Hooks, $"widths that add up to width = {joint.Config.Width}", string.Join(" + ", hooks.Select(hook => hook.Width)));
    }

    public (JsonObject Config, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Describe(ILatentModel model)
    {
        var crosscoder = (Crosscoder)model;
        (JsonObject config, IReadOnlyList<(string, Tensor)> tensors) = _joint.Describe(crosscoder.Joint);
        config[Hooks] = JsonNode.Parse(JsonSerializer.Serialize(crosscoder.Inputs, WorkbenchJson.Options));
        return (config, tensors);
    }

    /// <summary>The hooks in the order of a row's parts.</summary>
    private static IReadOnlyList<DictionarySite> Sites(JsonFields fields)
    {
        JsonElement list = fields.Find(Hooks) ?? throw fields.Bad(Hooks, "a list of hooks", "missing");
        try
        {
            DictionarySite[] sites = list.Deserialize<DictionarySite[]>(WorkbenchJson.Options) ?? [];
            return sites.Length > 0 && sites.All(site => site.Width > 0)
                ? sites
                : throw fields.Bad(Hooks, "at least one hook, each with its number of features", list.GetRawText());
        }
        catch (JsonException)
        {
            throw fields.Bad(Hooks, "a list of objects with hook and width", list.GetRawText());
        }
    }
}
