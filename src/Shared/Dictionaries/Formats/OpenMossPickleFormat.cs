using Workbench.Models.Weights.Pickle;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>OpenMOSS' current layout with its weights in <c>sae_weights.pt</c>: tensors under <c>sae</c> beside a version.</summary>
internal sealed class OpenMossPickleFormat : SparseFormat
{
    private const string WeightsFile = "sae_weights.pt";

    /// <inheritdoc/>
    public override string Name => "openmoss_pt";

    /// <inheritdoc/>
    public override string Files => $"a folder with {OpenMossLayout.ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, OpenMossLayout.ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        using TorchFile file = TorchFile.Open(Path.Combine(path, WeightsFile));
        if (file.Root is not PickleDictionary root || !root.TryGet("sae", out object? sae) || sae is not PickleDictionary tensors)
        {
            throw new WorkbenchException($"{file.Path} holds no dictionary of tensors under 'sae'; it is not a dictionary of OpenMOSS.");
        }

        return OpenMossLayout.Read(path, new TorchTensors(file, tensors), device);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        return OpenMossLayout.Obstacle(dictionary)
            ?? ArchitectureObstacle(dictionary, OpenMossLayout.Architectures);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder model = OpenMossLayout.Form(dictionary);
        var tensors = new PickleDictionary();
        foreach ((string name, Tensor tensor) in OpenMossLayout.Tensors(model))
        {
            tensors[name] = tensor;
        }

        var root = new PickleDictionary { ["sae"] = tensors, ["version"] = OpenMossConfig.LayoutVersion };
        string path = Path.Combine(folder, WeightsFile);
        AtomicFile.Write(path, stream => TorchFileWriter.Write(stream, Path.GetFileNameWithoutExtension(WeightsFile), root));
        WriteConfig(folder, OpenMossLayout.ConfigFile, OpenMossConfig.ToJson(model));
    }
}
