using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>
/// Gemma Scope 2's folders: <c>config.json</c> and <c>params.safetensors</c>, JumpReLU autoencoders and transcoders, the latter with
/// an affine skip connection where <c>affine_connection</c> says so.
/// </summary>
internal sealed class GemmaScope2Format : SparseFormat
{
    private const string ConfigFile = "config.json";
    private const string WeightsFile = "params.safetensors";
    private const string SkipName = "affine_skip_connection";

    private static readonly HashSet<string> s_keys = new(StringComparer.Ordinal)
    {
        "architecture", "model_name", "width", "l0", "type", "hf_hook_point_in", "hf_hook_point_out", "affine_connection",
    };

    /// <inheritdoc/>
    public override string Name => "gemma_scope_2";

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
        if (fields.Text("architecture", null) is var architecture && architecture != "jump_relu")
        {
            throw fields.Bad("architecture", "jump_relu", $"'{architecture}'");
        }

        bool transcoder = fields.Text("type", null) switch
        {
            "sae" => false,
            "transcoder" => true,
            string other => throw fields.Bad("type", "sae or transcoder", $"'{other}'"),
        };
        bool affine = fields.Boolean("affine_connection", false);
        var tensors = new StrictTensors(SafetensorsFile.Open(Path.Combine(path, WeightsFile)), $"a {(affine ? "affine " : string.Empty)}{(transcoder ? "transcoder" : "autoencoder")} of Gemma Scope 2", device);
        int latents = fields.RequiredInteger("width");
        int width = checked((int)tensors.Shape("w_enc", 2)[0]);
        int output = checked((int)tensors.Shape("w_dec", 2)[1]);
        var config = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.JumpRelu,
            Width = width,
            Latents = latents,
            SubtractDecoderBias = false,
            Hook = fields.Text("hf_hook_point_in", string.Empty),
            OutputWidth = transcoder ? output : null,
            OutputHook = transcoder ? fields.Text("hf_hook_point_out", string.Empty) : null,
            Metadata = DictionaryNotes.Facts([
                KeyValuePair.Create<string, object?>("model_name", fields.OptionalText("model_name")),
                KeyValuePair.Create<string, object?>("l0", fields.Find("l0")),
            ]),
        };
        config.Validate(fields.Path);
        var weights = new SparseWeights
        {
            Encoder = tensors.Take("w_enc", width, latents),
            EncoderBias = tensors.Take("b_enc", latents),
            Decoder = tensors.Take("w_dec", latents, config.ReconstructionWidth),
            DecoderBias = tensors.Take("b_dec", config.ReconstructionWidth),
            Threshold = tensors.Take("threshold", latents),
            Skip = affine ? tensors.Take(SkipName, width, config.ReconstructionWidth).t() : null,
        };
        tensors.RefuseRest();
        return new SparseAutoencoder(config, weights);
    }

    protected override string? Obstacle(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return ArchitectureObstacle(dictionary, SparseArchitecture.JumpRelu, SparseArchitecture.Relu)
            ?? CommonObstacle(dictionary)
            ?? (dictionary.Weights.Skip is not null && !config.IsTranscoder ? "its autoencoders have no skip connection" : null);
    }

    protected override void Write(SparseAutoencoder dictionary, string folder)
    {
        using SparseAutoencoder model = dictionary.WithDecoderBiasSubtracted(false);
        SparseAutoencoderConfig config = model.Config;
        SparseWeights weights = model.Weights;
        (string, Tensor)[] tensors =
        [
            ("w_enc", weights.Encoder), ("b_enc", weights.EncoderBias!), ("w_dec", weights.Decoder), ("b_dec", weights.DecoderBias),
            ("threshold", weights.Threshold ?? zeros(model.Latents)),
            .. weights.Skip is null ? Array.Empty<(string, Tensor)>() : [(SkipName, weights.Skip.t())],
        ];
        WriteWeights(folder, WeightsFile, tensors);
        var json = new JsonObject { ["architecture"] = "jump_relu" };
        if (config.Metadata.TryGetValue("model_name", out var name))
        {
            json["model_name"] = JsonNode.Parse(name.GetRawText());
        }

        json["width"] = config.Latents;
        if (config.Metadata.TryGetValue("l0", out var active))
        {
            json["l0"] = JsonNode.Parse(active.GetRawText());
        }

        json["type"] = config.IsTranscoder ? "transcoder" : "sae";
        json["hf_hook_point_in"] = config.Hook;
        if (config.IsTranscoder)
        {
            json["hf_hook_point_out"] = config.OutputHook ?? string.Empty;
            json["affine_connection"] = weights.Skip is not null;
        }

        WriteConfig(folder, ConfigFile, json);
    }
}
