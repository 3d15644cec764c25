using TorchSharp;
using Workbench.Models.Architectures;
using Workbench.Models.Hub;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Models;

/// <summary>The files of one model: a Hugging Face folder or a GGUF file.</summary>
public sealed class ModelFiles
{
    private readonly Lazy<string> _hash;

    private ModelFiles(string path, string name, bool isGguf)
    {
        Path = path;
        Name = name;
        IsGguf = isGguf;
        _hash = new Lazy<string>(ComputeHash);
    }

    /// <summary>The folder, or the .gguf file.</summary>
    public string Path { get; }

    /// <summary>What the model is called: the folder's or the file's name.</summary>
    public string Name { get; }

    /// <summary>Whether <see cref="Path"/> is a GGUF file.</summary>
    public bool IsGguf { get; }

    /// <summary>SHA-256 of the weights file, or of the list of names and hashes of the shards; lower-case hexadecimal, computed at the first use.</summary>
    public string Hash => _hash.Value;

    /// <summary>Finds a model by name, folder or file.</summary>
    /// <param name="model">
    /// A model that comes with the program (<c>docs-lm</c>), a name in the workspace's <c>models</c> folder, a path, or
    /// <c>OWNER/NAME</c> (with <c>@revision</c> if wanted) that was pulled before.
    /// </param>
    /// <param name="workspaceRoot">The workspace, or null.</param>
    /// <exception cref="WorkbenchException">There is no such model.</exception>
    public static ModelFiles Find(string model, string? workspaceRoot = null)
    {
        string[] places = [.. Places(model, workspaceRoot)];
        return places.Select(At).FirstOrDefault(found => found is not null)
            ?? throw new WorkbenchException(
                $"Model '{model}' is not found (looked at {string.Join(", ", places)}); expected a folder with config.json and safetensors, or a .gguf file; a model of a hub is fetched by harvest pull OWNER/NAME.");
    }

    /// <summary>Reads the config.</summary>
    /// <exception cref="WorkbenchException">A field is absent or wrong, or the architecture is not supported.</exception>
    public ModelConfig ReadConfig()
    {
        if (!IsGguf)
        {
            return OpenConfig(out _, out _);
        }

        using GgufFile file = GgufFile.Open(Path);
        return OpenGguf(file, out _);
    }

    /// <summary>What the files hold beside the part that reads text, and what is not loaded, as a sentence; null where there is nothing.</summary>
    public string? DescribeLeftAside()
    {
        if (IsGguf)
        {
            return null;
        }

        _ = OpenConfig(out _, out bool wrapped);
        using SafetensorsWeights? weights = wrapped ? SafetensorsWeights.Open(Path) : null;
        string[] others = [.. weights?.Names.Where(name => ModelWrapper.TextName(name) is null) ?? []];
        return others.Length == 0
            ? null
            : $"{Path} holds {others.Length:N0} tensors of parts that read no text (first {others[0]}); they are left aside.";
    }

    /// <summary>Loads the weights.</summary>
    /// <exception cref="WorkbenchException">The config or the weights are not as they should be.</exception>
    public LanguageModel LoadModel(Device? device = null, MatrixPrecision precision = MatrixPrecision.Auto)
    {
        device ??= CPU;
        using var noGradient = no_grad();
        ScalarType type = MatrixPrecisions.Resolve(precision, device);
        if (!IsGguf)
        {
            ModelConfig config = OpenConfig(out IArchitecture architecture, out bool wrapped);
            using SafetensorsWeights weights = SafetensorsWeights.Open(Path);
            IWeightSource text = wrapped ? new TextWeights(weights) : weights;
            return architecture.Build(config, new WeightSet(text, device), device, type);
        }

        using GgufFile file = GgufFile.Open(Path);
        ModelConfig stored = OpenGguf(file, out IGgufArchitecture family);
        using IWeightSource source = family.ReadWeights(file, stored);
        return family.Build(stored, new WeightSet(source, device), device, type);
    }

    private static ModelConfig OpenGguf(GgufFile file, out IGgufArchitecture architecture)
    {
        const string Key = "general.architecture";
        string family = file.Find<string>(Key)
            ?? throw new WorkbenchException($"{file.Path} lacks the metadata '{Key}'; it is no model.");
        architecture = ArchitectureRegistry.FindGguf(family, $"{file.Path}: metadata '{Key}'");
        var fields = new GgufFields(file, family);
        ModelConfig config = architecture.ReadConfig(fields);
        fields.RefuseUnread();
        return config;
    }

    private static IEnumerable<string> Places(string model, string? workspaceRoot)
    {
        bool isName = model == System.IO.Path.GetFileName(model) && model is not ("" or "." or "..");
        if (isName)
        {
            string shipped = System.IO.Path.Combine("data", "models", model);
            for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            {
                if (Directory.Exists(System.IO.Path.Combine(folder, shipped)))
                {
                    yield return System.IO.Path.Combine(folder, shipped);
                }
            }
        }

        if (isName && workspaceRoot is not null)
        {
            string models = new Workspace(workspaceRoot).ModelsFolder;
            yield return System.IO.Path.Combine(models, model);
            yield return System.IO.Path.Combine(models, model + ".gguf");
        }

        if (model.Length > 0)
        {
            yield return System.IO.Path.GetFullPath(model);
        }

        if (HubReference.TryParse(model, out HubReference? reference) && new ModelHub(HubSettings.FromEnvironment()).Find(reference) is { } snapshot)
        {
            yield return snapshot;
        }
    }

    private static ModelFiles? At(string place)
    {
        string trimmed = System.IO.Path.TrimEndingDirectorySeparator(place);
        if (Directory.Exists(place))
        {
            string[] gguf = File.Exists(System.IO.Path.Combine(place, "config.json")) ? [] : Directory.GetFiles(place, "*.gguf");
            return gguf is [string only]
                ? new ModelFiles(only, NameOf(trimmed), isGguf: true)
                : new ModelFiles(trimmed, NameOf(trimmed), isGguf: false);
        }

        return File.Exists(place) ? new ModelFiles(place, System.IO.Path.GetFileNameWithoutExtension(place), isGguf: true) : null;
    }

    private static string NameOf(string folder)
    {
        return HubCache.NameOf(folder) ?? System.IO.Path.GetFileName(folder);
    }

    private ModelConfig OpenConfig(out IArchitecture architecture, out bool wrapped)
    {
        const string Kind = "model_type";
        ConfigFields whole = ConfigFields.Open(System.IO.Path.Combine(Path, "config.json"));
        ModelWrapper? wrapper = ModelWrapper.Find(whole.String(Kind));
        ConfigFields fields = wrapper?.TextFields(whole) ?? whole;
        architecture = ArchitectureRegistry.Find(fields.String(Kind), fields.Place(Kind));
        ModelConfig config = architecture.ReadConfig(fields);
        whole.RefuseUnread();
        wrapped = wrapper is not null;
        return config;
    }

    private string ComputeHash()
    {
        if (IsGguf)
        {
            return ContentHash.OfFile(Path);
        }

        using SafetensorsWeights weights = SafetensorsWeights.Open(Path);
        return weights.WeightFiles is [string only]
            ? ContentHash.OfFile(only)
            : ContentHash.OfText(string.Concat(weights.WeightFiles.Select(file => $"{System.IO.Path.GetFileName(file)} {ContentHash.OfFile(file)}\n")));
    }
}
