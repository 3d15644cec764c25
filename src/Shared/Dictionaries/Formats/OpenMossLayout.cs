using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// The tensors of OpenMOSS' current library. Data-set norms are folded so that the function is kept: with s = sqrt(d) / norm at
/// input and output, <c>b_E /= s_in</c>, <c>W_E_glu *= s_in</c>, <c>b_D /= s_out</c>, <c>W_D *= s_in / s_out</c>, and thresholds,
/// which compare with pre-activations times the stored decoder row's norm where the configuration says so, are divided by both.
/// </summary>
internal static class OpenMossLayout
{
    public const string ConfigFile = "config.json";

    private const string ThresholdName = "activation_function.log_jumprelu_threshold";
    private const string NormPrefix = "dataset_average_activation_norm.";

    public static SparseArchitecture[] Architectures { get; } = [SparseArchitecture.Relu, SparseArchitecture.TopK, SparseArchitecture.JumpRelu];

    public static SparseAutoencoder Read(string path, IStoredTensors file, Device device)
    {
        OpenMossConfig stored = OpenMossConfig.Read(Path.Combine(path, ConfigFile));
        SparseAutoencoderConfig config = stored.Config;
        var tensors = new StrictTensors(file, "a dictionary of OpenMOSS", device);
        (int width, int latents) = (config.Width, config.Latents);
        (double input, double output) = Scales(tensors, stored);
        Tensor decoder = tensors.Take("W_D", latents, width);
        Tensor? threshold = config.Architecture == SparseArchitecture.JumpRelu ? tensors.Take(ThresholdName, latents).exp() / input : null;
        if (threshold is not null && stored.IncludesNorm)
        {
            threshold = threshold / decoder.norm(1);
        }

        var weights = new SparseWeights
        {
            Encoder = tensors.Take("W_E", width, latents),
            EncoderBias = tensors.Take("b_E", latents) / input,
            Decoder = decoder * (input / output),
            DecoderBias = stored.HasDecoderBias ? tensors.Take("b_D", width) / output : zeros(width, device: device),
            Threshold = threshold,
            GluEncoder = stored.HasGlu ? tensors.Take("W_E_glu", width, latents) * input : null,
            GluBias = stored.HasGlu ? tensors.Take("b_E_glu", latents) : null,
        };
        tensors.RefuseRest();
        return new SparseAutoencoder(config, weights);
    }

    public static string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return config.Normalization != InputNormalization.None ? $"it has no place for {config.Normalization}"
            : dictionary.Weights.Skip is not null ? "it has no place for a skip connection"
            : config.ReconstructionWidth != config.Width ? "it has one width for what is read and what is reconstructed"
            : null;
    }

    /// <summary>The dictionary without what the layout has no place for: the same function and latents.</summary>
    public static SparseAutoencoder Form(SparseAutoencoder dictionary)
    {
        using SparseAutoencoder plain = dictionary.WithoutRescaling();
        return plain.WithDecoderBiasSubtracted(false);
    }

    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        yield return ("W_E", weights.Encoder);
        yield return ("b_E", weights.EncoderBias!);
        yield return ("W_D", weights.Decoder);
        yield return ("b_D", weights.DecoderBias);
        if (weights.GluEncoder is not null)
        {
            yield return ("W_E_glu", weights.GluEncoder);
            yield return ("b_E_glu", weights.GluBias!);
        }

        if (weights.Threshold is not null)
        {
            // The layout stores logarithms: what acts as 0 becomes the smallest normal number.
            yield return (ThresholdName, weights.Threshold.clamp_min(1.1754944e-38).log());
        }

        Tensor norm = full([], Math.Sqrt(dictionary.Config.Width), ScalarType.Float32);
        foreach (string hook in new[] { dictionary.Config.Hook, dictionary.Config.OutputHook ?? dictionary.Config.Hook }.Distinct())
        {
            yield return (NormPrefix + hook, norm);
        }
    }

    private static (double Input, double Output) Scales(StrictTensors tensors, OpenMossConfig stored)
    {
        if (stored.IsNormalized)
        {
            double input = Scale(tensors, stored, stored.Config.Hook);
            return (input, stored.OutputHook == stored.Config.Hook ? input : Scale(tensors, stored, stored.OutputHook));
        }

        // Norms that were never set are uninitialised memory, so without normalisation nothing is read into them.
        tensors.Ignore(NormPrefix + stored.Config.Hook);
        tensors.Ignore(NormPrefix + stored.OutputHook);
        return (1, 1);
    }

    private static double Scale(StrictTensors tensors, OpenMossConfig stored, string hook)
    {
        double norm = tensors.TakeNumber(NormPrefix + hook);
        return norm > 0
            ? Math.Sqrt(stored.Config.Width) / norm
            : throw new WorkbenchException($"{tensors.Path}: {NormPrefix}{hook} is {norm}, where norm_activation dataset-wise needs a positive average norm.");
    }
}
