using System.Text.Json;
using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// SAELens' folders: <c>cfg.json</c> and <c>sae_weights.safetensors</c>, in inference form or as a training checkpoint, of
/// release 6 and later and the flat form before it. Further files beside them are not needed and not read.
/// </summary>
public sealed class SaeLensFormat : IDictionaryFormat
{
    /// <summary>File with sizes and options.</summary>
    public const string ConfigFile = "cfg.json";

    /// <summary>File with the weights.</summary>
    public const string WeightsFile = "sae_weights.safetensors";

    /// <inheritdoc/>
    public string Name => "saelens";

    /// <inheritdoc/>
    public bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    /// <inheritdoc/>
    public ILatentModel Load(string path, Device device)
    {
        SaeLensConfig stored = SaeLensConfig.Read(Path.Combine(path, ConfigFile));
        SparseAutoencoderConfig config = stored.Config;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weights = new SaeLensWeights(SafetensorsFile.Open(Path.Combine(path, WeightsFile)), stored, device);
        Tensor encoder = weights.Take("W_enc", config.Width, config.Latents);
        Tensor encoderBias = weights.Take("b_enc", config.Latents);
        Tensor decoder = weights.Take("W_dec", config.Latents, config.Width);
        Tensor decoderBias = weights.Take("b_dec", config.Width);
        Tensor? threshold = config.Architecture == SparseArchitecture.JumpRelu ? weights.TakeThreshold(config.Latents) : null;
        weights.RefuseRest();
        return new SparseAutoencoder(config, encoder, encoderBias, decoder, decoderBias, threshold);
    }

    /// <inheritdoc/>
    public void Save(ILatentModel model, string folder)
    {
        if (model is not SparseAutoencoder autoencoder)
        {
            throw new WorkbenchException($"The {Name} layout holds sparse autoencoders, not a {model.GetType().Name}.");
        }

        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, WeightsFile), stream => SafetensorsWriter.Write(stream, [.. autoencoder.Weights.Named()]));
        JsonElement config = SaeLensConfig.ToJson(autoencoder.Config);
        AtomicFile.WriteText(Path.Combine(folder, ConfigFile), JsonSerializer.Serialize(config, WorkbenchJson.Options) + "\n");
    }
}
