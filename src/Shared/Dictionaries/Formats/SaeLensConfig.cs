using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Dictionaries.Formats;

/// <summary>Reads and writes SAELens' <c>cfg.json</c>.</summary>
internal sealed class SaeLensConfig
{
    private const string LayoutVersion = "6.0.0";

    private SaeLensConfig(SparseAutoencoderConfig config, string architectureName, bool isLegacy)
    {
        Config = config;
        ArchitectureName = architectureName;
        IsLegacy = isLegacy;
    }

    public SparseAutoencoderConfig Config { get; }

    public string ArchitectureName { get; }

    public bool IsLegacy { get; }

    public static SaeLensConfig Read(string path)
    {
        JsonFields fields = JsonFields.Read(path);
        bool legacy = MajorVersion(fields) < 6;
        fields.RefuseUnknown(legacy ? SaeLensKeys.Legacy : SaeLensKeys.Current);
        string name = fields.Text("architecture", legacy ? "standard" : null);
        RefuseUnsupportedInput(fields, legacy);
        int? k = fields.Integer("k");
        SparseArchitecture architecture = Architecture(fields, name);
        if (legacy)
        {
            (architecture, k) = LegacyActivation(fields, architecture, k);
        }

        Dictionary<string, JsonElement> metadata = legacy ? LegacyMetadata(fields) : fields.Object("metadata");
        var config = new SparseAutoencoderConfig
        {
            Architecture = architecture,
            Width = fields.RequiredInteger("d_in"),
            Latents = fields.RequiredInteger("d_sae"),
            K = k,
            RescaleByDecoderNorm = fields.Boolean("rescale_acts_by_decoder_norm", false),
            SubtractDecoderBias = fields.Boolean("apply_b_dec_to_input", true),
            Hook = metadata.TryGetValue("hook_name", out JsonElement hook) && hook.ValueKind == JsonValueKind.String ? hook.GetString()! : string.Empty,
            Metadata = metadata,
        };
        config.Validate(path);
        return new SaeLensConfig(config, name, legacy);
    }

    public static JsonElement ToJson(SparseAutoencoderConfig config)
    {
        var metadata = new JsonObject { ["sae_lens_version"] = LayoutVersion, ["sae_lens_training_version"] = LayoutVersion };
        if (config.Hook.Length > 0)
        {
            metadata["hook_name"] = config.Hook;
        }

        foreach ((string key, JsonElement value) in config.Metadata)
        {
            metadata[key] = JsonNode.Parse(value.GetRawText());
        }

        var json = new JsonObject
        {
            ["architecture"] = config.Architecture switch
            {
                SparseArchitecture.TopK => "topk",
                SparseArchitecture.JumpRelu => "jumprelu",
                _ => "standard",
            },
            ["d_in"] = config.Width,
            ["d_sae"] = config.Latents,
            ["dtype"] = "float32",
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = config.SubtractDecoderBias,
            ["normalize_activations"] = "none",
            ["reshape_activations"] = "none",
        };
        if (config.Architecture == SparseArchitecture.TopK)
        {
            json["k"] = config.K;
            json["rescale_acts_by_decoder_norm"] = config.RescaleByDecoderNorm;
        }

        json["metadata"] = metadata;
        return JsonSerializer.SerializeToElement(json);
    }

    private static int MajorVersion(JsonFields fields)
    {
        string? version = fields.Object("metadata").TryGetValue("sae_lens_version", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : fields.OptionalText("sae_lens_version");
        return int.TryParse(version?.Split('.')[0], out int major) ? major : 0;
    }

    private static SparseArchitecture Architecture(JsonFields fields, string name)
    {
        return name switch
        {
            "topk" => SparseArchitecture.TopK,
            "jumprelu" => SparseArchitecture.JumpRelu,
            "standard" => SparseArchitecture.Relu,
            _ => throw fields.Bad("architecture", "topk, jumprelu or standard", $"'{name}'"),
        };
    }

    private static (SparseArchitecture Architecture, int? K) LegacyActivation(JsonFields fields, SparseArchitecture architecture, int? k)
    {
        string activation = fields.OptionalText("activation_fn_str") ?? fields.OptionalText("activation_fn") ?? "relu";
        switch (activation)
        {
            case "relu" when architecture != SparseArchitecture.TopK:
                return (architecture, k);
            case "topk" when architecture != SparseArchitecture.JumpRelu:
                Dictionary<string, JsonElement> options = fields.Object("activation_fn_kwargs");
                return (SparseArchitecture.TopK, k ?? (options.TryGetValue("k", out JsonElement value) && value.TryGetInt32(out int found) ? found : null));
            default:
                throw fields.Bad("activation_fn_str", "relu, or topk with architecture standard", $"'{activation}'");
        }
    }

    private static void RefuseUnsupportedInput(JsonFields fields, bool legacy)
    {
        string normalization = fields.IsFalse("normalize_activations") ? "none" : fields.Text("normalize_activations", "none");
        if (normalization == "expected_average_only_in")
        {
            throw new WorkbenchException(
                $"{fields.Path}: normalize_activations is 'expected_average_only_in', so training scaled activations by a factor that the file does not hold; fold that factor into the weights and set it to 'none'.");
        }

        if (normalization != "none")
        {
            throw fields.Bad("normalize_activations", "none", $"'{normalization}'");
        }

        bool reshapes = legacy && (fields.OptionalText("hook_name") ?? fields.OptionalText("hook_point") ?? string.Empty).Contains("hook_z", StringComparison.Ordinal);
        string reshape = fields.Text("reshape_activations", reshapes ? "hook_z" : "none");
        if (reshape != "none")
        {
            throw fields.Bad("reshape_activations", "none", $"'{reshape}'");
        }

        string dtype = fields.Text("dtype", "float32");
        if (!SaeLensKeys.NumberTypes.Contains(dtype.StartsWith("torch.", StringComparison.Ordinal) ? dtype[6..] : dtype))
        {
            throw fields.Bad("dtype", string.Join(", ", SaeLensKeys.NumberTypes), $"'{dtype}'");
        }

        if (!fields.IsAbsentOrFalse("finetuning_scaling_factor"))
        {
            throw fields.Bad("finetuning_scaling_factor", "false", "true");
        }
    }

    private static Dictionary<string, JsonElement> LegacyMetadata(JsonFields fields)
    {
        var metadata = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string old, string current) in SaeLensKeys.LegacyMetadata)
        {
            if (fields.Find(old) is JsonElement value)
            {
                metadata[current] = value;
            }
        }

        return metadata;
    }
}
