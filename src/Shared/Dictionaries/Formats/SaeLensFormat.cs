using TorchSharp;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// SAELens' folders: <c>cfg.json</c> and <c>sae_weights.safetensors</c>, in inference form or as a training checkpoint, of
/// release 6 and later and the flat form before it. Further files beside them are not needed; of those only
/// <c>activation_scaler.json</c> is read, where the configuration asks for its factor.
/// </summary>
internal sealed class SaeLensFormat : SparseFormat
{
    /// <summary>File with sizes and options.</summary>
    public const string ConfigFile = "cfg.json";

    /// <summary>File with the weights.</summary>
    public const string WeightsFile = "sae_weights.safetensors";

    private const string ScalerFile = "activation_scaler.json";
    private const string LegacyScale = "scaling_factor";

    /// <inheritdoc/>
    public override string Name => "saelens";

    /// <inheritdoc/>
    public override string Files => $"a folder with {ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        SaeLensConfig stored = SaeLensConfig.Read(Path.Combine(path, ConfigFile));
        SparseAutoencoderConfig config = stored.Config;
        var tensors = new StrictTensors(SafetensorsFile.Open(Path.Combine(path, WeightsFile)), $"architecture '{stored.Architecture.Name}'", device);
        bool gated = config.Architecture == SparseArchitecture.Gated;
        var weights = new SparseWeights
        {
            Encoder = tensors.Take("W_enc", config.Width, config.Latents),
            EncoderBias = gated ? null : tensors.Take("b_enc", config.Latents),
            Decoder = tensors.Take("W_dec", config.Latents, config.ReconstructionWidth),
            DecoderBias = tensors.Take("b_dec", config.ReconstructionWidth),
            Threshold = config.Architecture == SparseArchitecture.JumpRelu ? Threshold(tensors, stored) : null,
            GateBias = gated ? tensors.Take("b_gate", config.Latents) : null,
            MagnitudeScale = gated ? tensors.Take("r_mag", config.Latents) : null,
            MagnitudeBias = gated ? tensors.Take("b_mag", config.Latents) : null,
            Skip = stored.Architecture.HasSkip ? tensors.Take("W_skip", config.ReconstructionWidth, config.Width) : null,
        };
        RefuseRest(tensors, stored);
        return new SparseAutoencoder(config, Exported(Unscaled(weights, stored, path), stored));
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return SaeLensArchitecture.Of(dictionary) is null ? $"it has no architecture for {Kind(dictionary)}"
            : dictionary.Weights.GluEncoder is not null ? "it has no place for a GLU encoder"
            : config.SelectByDecoderNorm ? "its latents are chosen by the decoder norm, which it has no place for"
            : config.IsTranscoder && config.SubtractDecoderBias ? "its transcoders never subtract the decoder bias from the input"
            : config.IsTranscoder && config.Normalization != InputNormalization.None ? "its transcoders have no normalisation"
            : null;
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        WriteWeights(folder, WeightsFile, dictionary.Weights.Named());
        WriteConfig(folder, ConfigFile, SaeLensConfig.ToJson(dictionary));
    }

    private static string Kind(SparseAutoencoder dictionary)
    {
        string transcoder = dictionary.Config.IsTranscoder ? " transcoders" : string.Empty;
        return $"{dictionary.Config.Architecture}{transcoder}{(dictionary.Weights.Skip is null ? string.Empty : " with a skip connection")}";
    }

    private static Tensor Threshold(StrictTensors tensors, SaeLensConfig stored)
    {
        int latents = stored.Config.Latents;
        return stored.Architecture.IsBatchTopK ? full([latents], tensors.TakeNumber("topk_threshold"), ScalarType.Float32)
            : tensors.Contains("log_threshold") && !tensors.Contains("threshold") ? tensors.Take("log_threshold", latents).exp_()
            : tensors.Take("threshold", latents);
    }

    private static void RefuseRest(StrictTensors tensors, SaeLensConfig stored)
    {
        if (stored.IsLegacy && tensors.TakeIfPresent(LegacyScale, stored.Config.Latents) is Tensor scale && !scale.eq(1).all().item<bool>())
        {
            throw new WorkbenchException(
                $"{tensors.Path}: tensor '{LegacyScale}' is not all ones, which would change the latents although cfg.json does not ask for it; fold it into the decoder first.");
        }

        tensors.RefuseRest();
    }

    /// <summary>Folds the factor by which training scaled activations, as SAELens does at the end of training.</summary>
    private static SparseWeights Unscaled(SparseWeights weights, SaeLensConfig stored, string path)
    {
        double? factor = Factor(stored, path);
        if (factor is not double s)
        {
            return weights;
        }

        // With the decoder norm in the latents' units the threshold of a batch-wide top-k shrinks as the norm does.
        return weights with
        {
            Encoder = weights.Encoder * s,
            Decoder = weights.Decoder / s,
            DecoderBias = weights.DecoderBias / s,
            Threshold = stored.FoldsNorm ? weights.Threshold! / s : weights.Threshold,
        };
    }

    private static double? Factor(SaeLensConfig stored, string path)
    {
        string config = Path.Combine(path, ConfigFile);
        string scaler = Path.Combine(path, ScalerFile);
        JsonFields? fields = File.Exists(scaler) ? JsonFields.Read(scaler) : null;
        fields?.RefuseUnknown(new HashSet<string> { LegacyScale, "has_whitening" });
        double? factor = fields?.Number(LegacyScale);
        if (fields?.Boolean("has_whitening", false) == true)
        {
            throw fields.Bad("has_whitening", "false", "true, and the whitening matrix is not known here");
        }

        if (factor is not null && !stored.NeedsFactor)
        {
            throw new WorkbenchException($"{scaler} gives the factor {factor}, and {config} says that activations are not scaled; remove the one that is wrong.");
        }

        return !stored.NeedsFactor || factor > 0
            ? factor
            : throw new WorkbenchException(
                $"{config}: normalize_activations is '{SaeLensKeys.UnfoldedNorm}', so training scaled activations by a factor that the file does not hold; give it as {LegacyScale} in {ScalerFile} beside it, or fold it into the weights and set 'none'.");
    }

    /// <summary>A training checkpoint of a batch-wide top-k in the form that SAELens exports: jumprelu with the norm folded.</summary>
    private static SparseWeights Exported(SparseWeights weights, SaeLensConfig stored)
    {
        if (!stored.FoldsNorm)
        {
            return weights;
        }

        Tensor norm = weights.Decoder.norm(1).clamp_min(SparseAutoencoder.SmallestNorm);
        return weights with { Encoder = weights.Encoder * norm, EncoderBias = weights.EncoderBias! * norm, Decoder = weights.Decoder / norm.unsqueeze(1) };
    }
}
