using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Dictionaries.Rules;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>Sparse autoencoders and transcoders of every architecture in the workbench's own layout.</summary>
internal sealed class SparseKind : IWorkbenchKind
{
    public string Name => "sparse";

    public IReadOnlySet<string> Keys { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "architecture", "width", "latents", "k", "normalization", "rescale_by_decoder_norm", "select_by_decoder_norm", "subtract_decoder_bias",
        "joins_heads", "output_width", "hook", "output_hook", "skip", "glu", "metadata",
    };

    public bool Holds(ILatentModel model)
    {
        return model is SparseAutoencoder;
    }

    public ILatentModel Read(JsonFields fields, StrictTensors tensors, Device device)
    {
        var config = new SparseAutoencoderConfig
        {
            Architecture = Choice<SparseArchitecture>(fields, "architecture"),
            Width = fields.RequiredInteger("width"),
            Latents = fields.RequiredInteger("latents"),
            K = fields.Integer("k"),
            Normalization = Choice<InputNormalization>(fields, "normalization"),
            RescaleByDecoderNorm = fields.Boolean("rescale_by_decoder_norm", false),
            SelectByDecoderNorm = fields.Boolean("select_by_decoder_norm", false),
            SubtractDecoderBias = fields.Boolean("subtract_decoder_bias", true),
            JoinsHeads = fields.Boolean("joins_heads", false),
            OutputWidth = fields.Integer("output_width"),
            Hook = fields.Text("hook", string.Empty),
            OutputHook = fields.OptionalText("output_hook"),
            Metadata = fields.Object("metadata"),
        };
        config.Validate(fields.Path);
        IReadOnlyCollection<string> own = ActivationRules.Find(config.Architecture).Tensors;
        int n = config.Latents;
        Tensor? Vector(string name) => own.Contains(name) ? tensors.Take(name, n) : null;
        bool glu = fields.Boolean("glu", false);
        return new SparseAutoencoder(config, new SparseWeights
        {
            Encoder = tensors.Take("W_enc", config.Width, n),
            EncoderBias = Vector("b_enc"),
            Decoder = tensors.Take("W_dec", n, config.ReconstructionWidth),
            DecoderBias = tensors.Take("b_dec", config.ReconstructionWidth),
            Threshold = Vector("threshold"),
            GateBias = Vector("b_gate"),
            MagnitudeScale = Vector("r_mag"),
            MagnitudeBias = Vector("b_mag"),
            Skip = fields.Boolean("skip", false) ? tensors.Take("W_skip", config.ReconstructionWidth, config.Width) : null,
            GluEncoder = glu ? tensors.Take("W_enc_glu", config.Width, n) : null,
            GluBias = glu ? tensors.Take("b_enc_glu", n) : null,
        });
    }

    public (JsonObject Config, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Describe(ILatentModel model)
    {
        var dictionary = (SparseAutoencoder)model;
        SparseAutoencoderConfig config = dictionary.Config;
        var json = new JsonObject
        {
            ["architecture"] = NameOf(config.Architecture),
            ["width"] = config.Width,
            ["latents"] = config.Latents,
            ["k"] = config.K,
            ["normalization"] = NameOf(config.Normalization),
            ["rescale_by_decoder_norm"] = config.RescaleByDecoderNorm,
            ["select_by_decoder_norm"] = config.SelectByDecoderNorm,
            ["subtract_decoder_bias"] = config.SubtractDecoderBias,
            ["joins_heads"] = config.JoinsHeads,
            ["output_width"] = config.OutputWidth,
            ["hook"] = config.Hook,
            ["output_hook"] = config.OutputHook,
            ["skip"] = dictionary.Weights.Skip is not null,
            ["glu"] = dictionary.Weights.GluEncoder is not null,
            ["metadata"] = JsonNode.Parse(JsonSerializer.Serialize(config.Metadata)),
        };
        return (json, [.. dictionary.Weights.Named()]);
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum
    {
        return WorkbenchJson.Element(value).GetString()!;
    }

    private static T Choice<T>(JsonFields fields, string field)
        where T : struct, Enum
    {
        string text = fields.Text(field, null);
        return Enum.GetValues<T>().Where(value => NameOf(value) == text).Cast<T?>().FirstOrDefault()
            ?? throw fields.Bad(field, string.Join(", ", Enum.GetValues<T>().Select(NameOf)), $"'{text}'");
    }
}
