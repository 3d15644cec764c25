using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Dictionaries.Formats;

/// <summary>Reads and writes SAELens' <c>cfg.json</c>.</summary>
internal sealed class SaeLensConfig
{
    private const string LayoutVersion = "6.0.0";
    private const string VersionKey = "sae_lens_version";
    private const string HookKey = "hook_name";
    private const string OutputHookKey = "hook_name_out";

    private SaeLensConfig(SparseAutoencoderConfig config, SaeLensArchitecture architecture)
    {
        Config = config;
        Architecture = architecture;
    }

    public SparseAutoencoderConfig Config { get; }

    public SaeLensArchitecture Architecture { get; }

    public bool IsLegacy { get; private init; }

    /// <summary>Whether training scaled activations by a factor that is not in this file.</summary>
    public bool NeedsFactor { get; private init; }

    /// <summary>Whether a training checkpoint of a batch-wide top-k folds the decoder norm into its weights when exported.</summary>
    public bool FoldsNorm { get; private init; }

    public static SaeLensConfig Read(string path)
    {
        JsonFields fields = JsonFields.Read(path);
        bool legacy = MajorVersion(fields) < 6;
        fields.RefuseUnknown(legacy ? SaeLensKeys.Legacy : SaeLensKeys.Current);
        SaeLensArchitecture architecture = SaeLensArchitecture.Find(fields, fields.Text("architecture", legacy ? "standard" : null));
        int? k = architecture.HasK ? fields.Integer("k") : null;
        if (legacy)
        {
            (architecture, k) = LegacyActivation(fields, architecture, k);
        }

        Dictionary<string, JsonElement> metadata = legacy ? LegacyMetadata(fields) : fields.Object("metadata");
        string hook = Text(metadata, HookKey) ?? string.Empty;
        string normalization = fields.IsFalse("normalize_activations") ? "none" : fields.IsTrue("normalize_activations") ? SaeLensKeys.UnfoldedNorm : fields.Text("normalize_activations", "none");
        RefuseUnsupported(fields);
        bool rescale = fields.Boolean("rescale_acts_by_decoder_norm", false);
        var config = new SparseAutoencoderConfig
        {
            Architecture = architecture.Rule,
            Width = fields.RequiredInteger("d_in"),
            Latents = fields.RequiredInteger("d_sae"),
            K = k,
            Normalization = Normalization(fields, normalization),
            RescaleByDecoderNorm = rescale && !architecture.IsBatchTopK,
            SubtractDecoderBias = fields.Boolean("apply_b_dec_to_input", true),
            JoinsHeads = JoinsHeads(fields, legacy && hook.Contains("hook_z", StringComparison.Ordinal)),
            OutputWidth = architecture.IsTranscoder ? fields.RequiredInteger("d_out") : null,
            Hook = hook,
            OutputHook = architecture.IsTranscoder ? Text(metadata, OutputHookKey) ?? string.Empty : null,
            Metadata = metadata,
        };
        config.Validate(path);
        RefuseTranscoderOptions(fields, config);
        return new SaeLensConfig(config, architecture)
        {
            IsLegacy = legacy,
            NeedsFactor = normalization == SaeLensKeys.UnfoldedNorm,
            FoldsNorm = rescale && architecture.IsBatchTopK,
        };
    }

    public static JsonObject ToJson(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        SaeLensArchitecture architecture = SaeLensArchitecture.Of(dictionary)!;
        var json = new JsonObject
        {
            ["d_in"] = config.Width,
            ["d_sae"] = config.Latents,
            ["dtype"] = "float32",
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = config.SubtractDecoderBias,
            ["normalize_activations"] = SaeLensKeys.Normalizations.First(pair => pair.Value == config.Normalization).Key,
            ["reshape_activations"] = config.JoinsHeads ? "hook_z" : "none",
            ["metadata"] = Metadata(config),
        };
        if (architecture.HasK)
        {
            json["k"] = config.K;
            json["rescale_acts_by_decoder_norm"] = config.RescaleByDecoderNorm;
        }

        if (architecture.IsTranscoder)
        {
            json["d_out"] = config.ReconstructionWidth;
        }

        json["architecture"] = architecture.Name;
        return json;
    }

    private static JsonObject Metadata(SparseAutoencoderConfig config)
    {
        var metadata = new JsonObject { [VersionKey] = LayoutVersion, ["sae_lens_training_version"] = LayoutVersion };
        foreach ((string key, JsonElement value) in config.Metadata.Where(fact => fact.Key is not (HookKey or OutputHookKey)))
        {
            metadata[key] = JsonNode.Parse(value.GetRawText());
        }

        if (config.Hook.Length > 0)
        {
            metadata[HookKey] = config.Hook;
        }

        if (config.OutputHook is { Length: > 0 })
        {
            metadata[OutputHookKey] = config.OutputHook;
        }

        return metadata;
    }

    private static string? Text(Dictionary<string, JsonElement> metadata, string key)
    {
        return metadata.TryGetValue(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static int MajorVersion(JsonFields fields)
    {
        string? version = Text(fields.Object("metadata"), VersionKey) ?? fields.OptionalText(VersionKey);
        return int.TryParse(version?.Split('.')[0], out int major) ? major : 0;
    }

    private static (SaeLensArchitecture Architecture, int? K) LegacyActivation(JsonFields fields, SaeLensArchitecture architecture, int? k)
    {
        string activation = fields.OptionalText("activation_fn_str") ?? fields.OptionalText("activation_fn") ?? "relu";
        switch (activation)
        {
            case "relu" when architecture.Rule != SparseArchitecture.TopK:
                return (architecture, k);
            case "topk" when architecture.Name is "standard" or "topk":
                Dictionary<string, JsonElement> options = fields.Object("activation_fn_kwargs");
                k ??= options.TryGetValue("k", out JsonElement value) && value.TryGetInt32(out int found) ? found : fields.Integer("k");
                return (SaeLensArchitecture.Find(fields, "topk"), k);
            default:
                throw fields.Bad("activation_fn_str", "relu, or topk with architecture standard", $"'{activation}'");
        }
    }

    private static InputNormalization Normalization(JsonFields fields, string name)
    {
        return name == SaeLensKeys.UnfoldedNorm ? InputNormalization.None
            : SaeLensKeys.Normalizations.TryGetValue(name, out InputNormalization known) ? known
            : throw fields.Bad("normalize_activations", string.Join(", ", SaeLensKeys.Normalizations.Keys), $"'{name}'");
    }

    private static bool JoinsHeads(JsonFields fields, bool absent)
    {
        return fields.Text("reshape_activations", absent ? "hook_z" : "none") switch
        {
            "none" => false,
            "hook_z" => true,
            string other => throw fields.Bad("reshape_activations", "none or hook_z", $"'{other}'"),
        };
    }

    private static void RefuseUnsupported(JsonFields fields)
    {
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

    private static void RefuseTranscoderOptions(JsonFields fields, SparseAutoencoderConfig config)
    {
        if (!config.IsTranscoder)
        {
            return;
        }

        if (config.SubtractDecoderBias)
        {
            throw fields.Bad("apply_b_dec_to_input", "false for a transcoder", "true");
        }

        if (config.Normalization != InputNormalization.None)
        {
            throw fields.Bad("normalize_activations", "none for a transcoder", fields.Text("normalize_activations", "none"));
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
