using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>What layouts of sparse autoencoders share: the frame around reading, and obstacles to writing.</summary>
internal abstract class SparseFormat : IDictionaryFormat
{
    protected SparseFormat()
    {
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Files { get; }

    /// <inheritdoc/>
    public abstract bool CanRead(string path);

    /// <inheritdoc/>
    public ILatentModel Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Read(path, device);
    }

    /// <inheritdoc/>
    public string? Obstacle(ILatentModel model)
    {
        return model is SparseAutoencoder dictionary ? Obstacle(dictionary) : $"it holds sparse autoencoders, not a {model?.GetType().Name}";
    }

    /// <inheritdoc/>
    public void Save(ILatentModel model, string folder)
    {
        if (Obstacle(model) is string obstacle)
        {
            throw new WorkbenchException($"The {Name} layout cannot hold this dictionary: {obstacle}.");
        }

        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Write((SparseAutoencoder)model, folder);
    }

    protected abstract SparseAutoencoder Read(string path, Device device);

    protected abstract string? Obstacle(SparseAutoencoder dictionary);

    protected abstract void Write(SparseAutoencoder dictionary, string folder);

    /// <summary>What hardly any layout but SAELens' has a place for.</summary>
    protected static string? CommonObstacle(SparseAutoencoder dictionary)
    {
        return dictionary.Config switch
        {
            { Normalization: not InputNormalization.None } config => $"it has no place for {config.Normalization}",
            { SelectByDecoderNorm: true } => "its latents are chosen by the decoder norm, which it has no place for",
            _ when dictionary.Weights.GluEncoder is not null => "it has no place for a GLU encoder",
            _ => null,
        };
    }

    protected static string? TranscoderObstacle(SparseAutoencoder dictionary)
    {
        return dictionary.Config.IsTranscoder || dictionary.Weights.Skip is not null ? "it has no place for a transcoder or a skip connection" : null;
    }

    protected static string? ArchitectureObstacle(SparseAutoencoder dictionary, params SparseArchitecture[] known)
    {
        return known.Contains(dictionary.Config.Architecture)
            ? null
            : $"it knows {string.Join(", ", known)} and not {dictionary.Config.Architecture}";
    }

    protected static void WriteConfig(string folder, string file, JsonObject config)
    {
        AtomicFile.WriteText(Path.Combine(folder, file), JsonSerializer.Serialize(config, WorkbenchJson.Options) + "\n");
    }

    protected static void WriteWeights(string folder, string file, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (string, Tensor)[] sorted = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        AtomicFile.Write(Path.Combine(folder, file), stream => SafetensorsWriter.Write(stream, sorted, metadata));
    }
}
