using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// EleutherAI sparsify's folders, one a hook point: <c>cfg.json</c> and <c>sae.safetensors</c>. The folder's name is the hook, a
/// module's path in Hugging Face's model.
/// </summary>
internal sealed partial class SparsifyFormat : SparseFormat
{
    private const string ConfigFile = "cfg.json";
    private const string WeightsFile = "sae.safetensors";
    private const string MultiTopK = "multi_topk";
    private const int DefaultExpansion = 32;

    private static readonly HashSet<string> s_keys = new(StringComparer.Ordinal)
    {
        "activation", "expansion_factor", "normalize_decoder", "num_latents", "k", MultiTopK, "skip_connection", "transcode", "d_in", "signed",
    };

    /// <inheritdoc/>
    public override string Name => "sparsify";

    /// <inheritdoc/>
    public override string Files => $"a folder with {ConfigFile} and {WeightsFile}";

    /// <inheritdoc/>
    public override bool CanRead(string path)
    {
        return File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));
    }

    protected override SparseAutoencoder Read(string path, Device device)
    {
        JsonFields fields = JsonFields.Read(Path.Combine(path, ConfigFile));
        fields.RefuseUnknown(s_keys);
        if (!fields.IsAbsentOrFalse("signed"))
        {
            throw fields.Bad("signed", "false", "true, and how negative latents are chosen is not known here");
        }

        int width = fields.RequiredInteger("d_in");
        int latents = fields.Integer("num_latents") is int given and not 0 ? given : width * (fields.Integer("expansion_factor") ?? DefaultExpansion);
        bool transcoder = fields.Boolean("transcode", false);
        var config = new SparseAutoencoderConfig
        {
            Architecture = fields.Text("activation", "topk") switch
            {
                "topk" => SparseArchitecture.TopK,
                "groupmax" => SparseArchitecture.GroupMax,
                string other => throw fields.Bad("activation", "topk or groupmax", $"'{other}'"),
            },
            Width = width,
            Latents = latents,
            K = fields.Integer("k"),
            SubtractDecoderBias = !transcoder,
            OutputWidth = transcoder ? width : null,
            OutputHook = transcoder ? HookOf(path) : null,
            Hook = HookOf(path),
            Metadata = DictionaryNotes.Facts([KeyValuePair.Create<string, object?>(MultiTopK, fields.Find(MultiTopK))]),
        };
        config.Validate(fields.Path);
        var tensors = new StrictTensors(SafetensorsFile.Open(Path.Combine(path, WeightsFile)), "a dictionary of sparsify", device);
        var weights = new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            EncoderBias = tensors.Take("encoder.bias", latents),
            Decoder = tensors.Take("W_dec", latents, width),
            DecoderBias = tensors.Take("b_dec", width),
            Skip = fields.Boolean("skip_connection", false) ? tensors.Take("W_skip", width, width) : null,
        };
        tensors.RefuseRest();
        return new SparseAutoencoder(config, weights);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return ArchitectureObstacle(dictionary, SparseArchitecture.TopK, SparseArchitecture.GroupMax)
            ?? CommonObstacle(dictionary)
            ?? (config.ReconstructionWidth != config.Width ? "it has one width for what is read and what is reconstructed" : null);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder plain = dictionary.WithoutRescaling();
        using SparseAutoencoder model = plain.WithDecoderBiasSubtracted(!plain.Config.IsTranscoder);
        SparseAutoencoderConfig config = model.Config;
        SparseWeights weights = model.Weights;
        (string, Tensor)[] tensors =
        [
            ("encoder.weight", weights.Encoder.t()), ("encoder.bias", weights.EncoderBias!), ("W_dec", weights.Decoder), ("b_dec", weights.DecoderBias),
            .. weights.Skip is null ? Array.Empty<(string, Tensor)>() : [("W_skip", weights.Skip)],
        ];
        WriteWeights(folder, WeightsFile, tensors);
        WriteConfig(folder, ConfigFile, new JsonObject
        {
            ["activation"] = config.Architecture == SparseArchitecture.GroupMax ? "groupmax" : "topk",
            ["expansion_factor"] = config.Latents % config.Width == 0 ? config.Latents / config.Width : DefaultExpansion,
            ["normalize_decoder"] = true,
            ["num_latents"] = config.Latents,
            ["k"] = config.K,
            [MultiTopK] = config.Metadata.TryGetValue(MultiTopK, out JsonElement multiple) && multiple.ValueKind == JsonValueKind.True,
            ["skip_connection"] = weights.Skip is not null,
            ["transcode"] = config.IsTranscoder,
            ["d_in"] = config.Width,
        });
    }

    private static string HookOf(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = Path.GetFileName(folder);
        return Seed().IsMatch(name) ? Path.GetFileName(Path.GetDirectoryName(folder)) ?? name : name;
    }

    [GeneratedRegex("^seed[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Seed();
}
