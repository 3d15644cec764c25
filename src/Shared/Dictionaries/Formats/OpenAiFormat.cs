using Workbench.Models.Weights.Pickle;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// OpenAI's <c>.pt</c> files, one a layer, whose number is the file's name: TopK with layer normalisation, or ReLU without. The
/// state dict says which beside its tensors.
/// </summary>
internal sealed class OpenAiFormat : SparseFormat
{
    private const string Ending = ".pt";

    private static readonly string[] s_statistics = ["stats_last_nonzero", "latents_activation_frequency", "latents_mean_square"];

    private static readonly HashSet<string> s_values = new(StringComparer.Ordinal) { "activation", "activation_state_dict", "activation.k", "activation.postact_fn" };

    /// <inheritdoc/>
    public override string Name => "openai";

    /// <inheritdoc/>
    public override string Files => "a file <layer>.pt";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return FileOf(path) is not null;
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        string file = FileOf(path)!;
        using TorchFile torch = TorchFile.Open(file);
        PickleDictionary state = torch.Root as PickleDictionary
            ?? throw new WorkbenchException($"{file} holds no state dict; it is not a dictionary of OpenAI.");
        (string activation, int? k) = Activation(state, file);
        var tensors = new StrictTensors(new TorchTensors(torch, state), $"a dictionary of OpenAI with {activation}", device);
        Array.ForEach(s_statistics, tensors.Ignore);
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (int latents, int width) = (checked((int)sizes[0]), checked((int)sizes[1]));
        string layer = Path.GetFileNameWithoutExtension(file);
        var config = new SparseAutoencoderConfig
        {
            Architecture = activation == "TopK" ? SparseArchitecture.TopK : SparseArchitecture.Relu,
            Width = width,
            Latents = latents,
            K = k,
            Normalization = activation == "TopK" ? InputNormalization.LayerNorm : InputNormalization.None,
            Metadata = DictionaryNotes.Facts([KeyValuePair.Create<string, object?>("layer", int.TryParse(layer, out int number) ? number : null)]),
        };
        config.Validate(file);
        var weights = new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            EncoderBias = tensors.Take("latent_bias", latents),
            Decoder = tensors.Take("decoder.weight", width, latents).t(),
            DecoderBias = tensors.Take("pre_bias", width),
        };
        tensors.RefuseRest();
        return new SparseAutoencoder(config, weights);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        InputNormalization expected = config.Architecture == SparseArchitecture.TopK ? InputNormalization.LayerNorm : InputNormalization.None;
        return ArchitectureObstacle(dictionary, SparseArchitecture.TopK, SparseArchitecture.Relu)
            ?? (config.Normalization != expected ? $"that layout's {config.Architecture} reads activations {Described(expected)}, and this one {Described(config.Normalization)}" : null)
            ?? (dictionary.Weights.GluEncoder is not null || config.SelectByDecoderNorm ? CommonObstacle(dictionary) : null)
            ?? TranscoderObstacle(dictionary);
    }

    private static string Described(InputNormalization normalization)
    {
        return normalization switch
        {
            InputNormalization.None => "as they are",
            InputNormalization.LayerNorm => "after layer normalisation",
            _ => "rescaled to one norm",
        };
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder plain = dictionary.WithoutRescaling();
        using SparseAutoencoder model = plain.WithDecoderBiasSubtracted(true);
        bool topK = model.Config.Architecture == SparseArchitecture.TopK;
        var options = new PickleDictionary { IsOrdered = true, Attributes = Versions(string.Empty) };
        if (topK)
        {
            options["k"] = (long)model.Config.K!.Value;
            options["postact_fn"] = "ReLU";
        }

        SparseWeights weights = model.Weights;
        var state = new PickleDictionary { IsOrdered = true, Attributes = Versions(string.Empty, "encoder", "activation", "decoder") };
        state["pre_bias"] = weights.DecoderBias;
        state["latent_bias"] = weights.EncoderBias!;
        state[s_statistics[0]] = zeros(model.Latents, ScalarType.Int64);
        state[s_statistics[1]] = zeros(model.Latents);
        state[s_statistics[2]] = zeros(model.Latents);
        state["encoder.weight"] = weights.Encoder.t().contiguous();
        state["decoder.weight"] = weights.Decoder.t().contiguous();
        state["activation"] = topK ? "TopK" : "ReLU";
        state["activation_state_dict"] = options;
        string name = model.Config.Metadata.TryGetValue("layer", out var layer) && layer.TryGetInt32(out int number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "0";
        AtomicFile.Write(Path.Combine(folder, name + Ending), stream => TorchFileWriter.Write(stream, name, state));
    }

    /// <summary>The file itself, or the one .pt file of a folder; files of other layouts have names of their own.</summary>
    private static string? FileOf(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(Ending, StringComparison.Ordinal) ? path : null;
        }

        return Directory.Exists(path) && Directory.GetFiles(path, "*" + Ending) is [string only] && !File.Exists(Path.Combine(path, "config.json")) ? only : null;
    }

    private static (string Activation, int? K) Activation(PickleDictionary state, string file)
    {
        foreach ((object key, object? value) in state.Entries)
        {
            if (value is not TorchTensor && !(key is string text && s_values.Contains(text)))
            {
                throw new WorkbenchException($"{file} holds '{key}', which a dictionary of OpenAI does not have.");
            }
        }

        string activation = Text(state, "activation", file);
        state.TryGet("activation_state_dict", out object? options);
        switch (activation)
        {
            case "ReLU" when options is null or PickleDictionary { Count: 0 }:
                return (activation, null);
            case "TopK" when options is PickleDictionary given && given.Count == 2 && given.TryGet("k", out object? k) && k is long and > 0 and <= int.MaxValue:
                RefuseOther(state, given, "k", file);
                RefuseOther(state, given, "postact_fn", file);
                return Text(given, "postact_fn", file) is var post && post == "ReLU"
                    ? (activation, (int)(long)k)
                    : throw new WorkbenchException($"{file}: postact_fn is '{post}', where ReLU was expected.");
            case "TopK" or "ReLU":
                throw new WorkbenchException($"{file}: activation_state_dict does not hold what {activation} needs (k and postact_fn for TopK, nothing for ReLU).");
            default:
                throw new WorkbenchException($"{file}: activation is '{activation}', where TopK or ReLU was expected.");
        }
    }

    /// <summary>The repository's own save writes the options a second time; they are accepted where they agree.</summary>
    private static void RefuseOther(PickleDictionary state, PickleDictionary options, string option, string file)
    {
        if (state.TryGet($"activation.{option}", out object? second) && !second.Equals(options[option]))
        {
            throw new WorkbenchException($"{file}: activation.{option} is {second} and activation_state_dict says {options[option]}; the file contradicts itself.");
        }
    }

    private static string Text(PickleDictionary dictionary, string key, string file)
    {
        return dictionary.TryGet(key, out object? value) && value is string text
            ? text
            : throw new WorkbenchException($"{file} lacks the text '{key}'; it is not a dictionary of OpenAI.");
    }

    private static PickleDictionary Versions(params string[] modules)
    {
        var metadata = new PickleDictionary { IsOrdered = true };
        foreach (string module in modules)
        {
            metadata[module] = new PickleDictionary { ["version"] = 1L };
        }

        return new PickleDictionary { ["_metadata"] = metadata };
    }
}
