using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// Llama Scope, the layout of OpenMOSS' library of November 2024: <c>hyperparams.json</c> and <c>checkpoints/final.safetensors</c>.
/// Loaded as that library loads it: the data set's norms are folded in, then the decoder's norm, then one threshold holds for all
/// latents in units of the raw activations.
/// </summary>
internal sealed class LlamaScopeFormat : SparseFormat
{
    private const string ConfigFile = "hyperparams.json";
    private const string WeightsFile = "checkpoints/final.safetensors";

    private static readonly string[] s_weightFiles = ["sae_weights.safetensors", "checkpoints/pruned.safetensors", WeightsFile];

    /// <inheritdoc/>
    public override string Name => "llama_scope";

    /// <inheritdoc/>
    public override string Files => $"a folder with {ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, ConfigFile)) && s_weightFiles.Any(file => File.Exists(Path.Combine(path, file)));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        LlamaScopeConfig stored = LlamaScopeConfig.Read(Path.Combine(path, ConfigFile));
        SparseAutoencoderConfig config = stored.Config;
        string file = s_weightFiles.Select(name => Path.Combine(path, name)).First(File.Exists);
        var tensors = new StrictTensors(SafetensorsFile.Open(file), "a dictionary of Llama Scope", device);
        (int width, int latents) = (config.Width, config.Latents);
        Tensor encoder = tensors.Take("encoder.weight", latents, width).t();
        Tensor encoderBias = tensors.Take("encoder.bias", latents) / stored.InputScale;
        Tensor decoder = tensors.Take("decoder.weight", width, latents).t() * (stored.InputScale / stored.OutputScale);
        Tensor decoderBias = stored.HasDecoderBias ? tensors.Take("decoder.bias", width) / stored.OutputScale : zeros(width, device: device);
        tensors.RefuseRest();
        if (stored.FoldsNorm)
        {
            Tensor norm = decoder.norm(1).clamp_min(SparseAutoencoder.SmallestNorm);
            encoder = encoder * norm;
            encoderBias = encoderBias * norm;
            decoder = decoder / norm.unsqueeze(1);
        }

        return new SparseAutoencoder(config, new SparseWeights
        {
            Encoder = encoder,
            EncoderBias = encoderBias,
            Decoder = decoder,
            DecoderBias = decoderBias,
            Threshold = config.Architecture == SparseArchitecture.JumpRelu ? full([latents], stored.Threshold, ScalarType.Float32, device) : null,
        });
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return ArchitectureObstacle(dictionary, SparseArchitecture.Relu, SparseArchitecture.TopK, SparseArchitecture.JumpRelu)
            ?? CommonObstacle(dictionary)
            ?? (dictionary.Weights.Skip is not null ? "it has no place for a skip connection" : null)
            ?? (config.ReconstructionWidth != config.Width ? "it has one width for what is read and what is reconstructed" : null)
            ?? (!HasOneThreshold(dictionary) ? "it has one threshold for all latents" : null);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder model = dictionary.WithoutRescaling();
        SparseWeights weights = model.Weights;
        Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(WeightsFile)!));
        (string, Tensor)[] tensors =
        [
            ("encoder.weight", weights.Encoder.t()), ("encoder.bias", weights.EncoderBias!),
            ("decoder.weight", weights.Decoder.t()), ("decoder.bias", weights.DecoderBias),
        ];
        WriteWeights(folder, WeightsFile, tensors, new Dictionary<string, string> { ["version"] = LlamaScopeConfig.LayoutVersion });
        double threshold = weights.Threshold is null ? 0 : Math.Max(0, weights.Threshold[0].item<float>());
        WriteConfig(folder, ConfigFile, LlamaScopeConfig.ToJson(model.Config, threshold));
    }

    private static bool HasOneThreshold(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        Tensor? effective = dictionary.Threshold?.clamp_min(0);
        return effective is null || effective.eq(effective[0]).all().item<bool>();
    }
}
