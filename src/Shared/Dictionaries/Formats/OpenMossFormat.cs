using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>OpenMOSS' current layout with its weights in <c>sae_weights.safetensors</c>.</summary>
internal sealed class OpenMossFormat : SparseFormat
{
    private const string WeightsFile = "sae_weights.safetensors";

    /// <inheritdoc/>
    public override string Name => "openmoss";

    /// <inheritdoc/>
    public override string Files => $"a folder with {OpenMossLayout.ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, OpenMossLayout.ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        return OpenMossLayout.Read(path, SafetensorsFile.Open(Path.Combine(path, WeightsFile)), device);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        return OpenMossLayout.Obstacle(dictionary)
            ?? ArchitectureObstacle(dictionary, OpenMossLayout.Architectures);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder model = OpenMossLayout.Form(dictionary);
        var metadata = new Dictionary<string, string> { ["version"] = OpenMossConfig.LayoutVersion };
        WriteWeights(folder, WeightsFile, OpenMossLayout.Tensors(model), metadata);
        WriteConfig(folder, OpenMossLayout.ConfigFile, OpenMossConfig.ToJson(model));
    }
}
