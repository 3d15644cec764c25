using System.Text.Json.Nodes;

namespace Workbench.Dictionaries.Formats;

/// <summary>Reads and writes the <c>config.json</c> of OpenMOSS' current library.</summary>
internal sealed record OpenMossConfig(SparseAutoencoderConfig Config, bool IncludesNorm, bool IsNormalized, bool HasGlu, bool HasDecoderBias)
{
    public const string LayoutVersion = "0.1.0";

    private static readonly HashSet<string> s_keys = new(StringComparer.Ordinal)
    {
        "sae_type", "d_model", "expansion_factor", "use_decoder_bias", "act_fn", "norm_activation", "sparsity_include_decoder_norm", "top_k",
        "use_triton_kernel", "sparsity_threshold_for_triton_spmm_kernel", "jumprelu_threshold_window", "hook_point_in", "hook_point_out",
        "use_glu_encoder", "force_unit_decoder_norm", "device", "dtype",
    };

    public string OutputHook => Config.OutputHook ?? Config.Hook;

    public static OpenMossConfig Read(string path)
    {
        JsonFields fields = JsonFields.Read(path);
        fields.RefuseUnknown(s_keys);
        if (fields.Text("sae_type", "sae") is var type && type != "sae")
        {
            throw fields.Bad("sae_type", "sae", $"'{type}'");
        }

        int width = fields.RequiredInteger("d_model");
        double latents = width * (fields.Number("expansion_factor") ?? throw fields.Bad("expansion_factor", "a number", "missing"));
        SparseArchitecture architecture = fields.Text("act_fn", "relu") switch
        {
            "relu" => SparseArchitecture.Relu,
            "jumprelu" => SparseArchitecture.JumpRelu,
            "topk" => SparseArchitecture.TopK,
            string other => throw fields.Bad("act_fn", "relu, jumprelu or topk (a batch-wide choice has no threshold in this layout; convert it to jumprelu)", $"'{other}'"),
        };
        bool includes = fields.Boolean("sparsity_include_decoder_norm", true);
        string hook = fields.Text("hook_point_in", string.Empty);
        string output = fields.Text("hook_point_out", hook);
        var config = new SparseAutoencoderConfig
        {
            Architecture = architecture,
            Width = width,
            Latents = latents is >= 1 and <= int.MaxValue ? (int)latents : throw fields.Bad("expansion_factor", "a factor of d_model that gives latents", $"{latents / width}"),
            K = architecture == SparseArchitecture.TopK ? fields.Integer("top_k") : null,
            SelectByDecoderNorm = includes && architecture == SparseArchitecture.TopK,
            SubtractDecoderBias = false,
            Hook = hook,
            OutputHook = output == hook ? null : output,
            Metadata = DictionaryNotes.Facts([KeyValuePair.Create<string, object?>("top_k", fields.Find("top_k"))]),
        };
        config.Validate(path);
        bool normalized = fields.Text("norm_activation", "dataset-wise") switch
        {
            "dataset-wise" => true,
            "inference" => false,
            string other => throw fields.Bad("norm_activation", "dataset-wise or inference", $"'{other}'"),
        };
        return new OpenMossConfig(config, includes, normalized, fields.Boolean("use_glu_encoder", false), fields.Boolean("use_decoder_bias", true));
    }

    public static JsonObject ToJson(SparseAutoencoder dictionary)
    {
        SparseAutoencoderConfig config = dictionary.Config;
        return new JsonObject
        {
            ["sae_type"] = "sae",
            ["d_model"] = config.Width,
            ["expansion_factor"] = Expansion(config),
            ["use_decoder_bias"] = true,
            ["act_fn"] = config.Architecture switch
            {
                SparseArchitecture.TopK => "topk",
                SparseArchitecture.JumpRelu => "jumprelu",
                _ => "relu",
            },
            ["norm_activation"] = "dataset-wise",
            ["sparsity_include_decoder_norm"] = config.SelectByDecoderNorm,
            ["top_k"] = config.K ?? TopK(config),
            ["use_triton_kernel"] = false,
            ["sparsity_threshold_for_triton_spmm_kernel"] = 0.996,
            ["jumprelu_threshold_window"] = 2.0,
            ["hook_point_in"] = config.Hook,
            ["hook_point_out"] = config.OutputHook ?? config.Hook,
            ["use_glu_encoder"] = dictionary.Weights.GluEncoder is not null,
        };
    }

    private static int TopK(SparseAutoencoderConfig config)
    {
        const int Default = 50;
        return config.Metadata.TryGetValue("top_k", out var k) && k.TryGetInt32(out int number) ? number : Math.Min(Default, config.Latents);
    }

    /// <summary>The factor whose product with d_model, cut to a whole number, is the number of latents.</summary>
    private static double Expansion(SparseAutoencoderConfig config)
    {
        double factor = (double)config.Latents / config.Width;
        while ((int)(config.Width * factor) < config.Latents)
        {
            factor = Math.BitIncrement(factor);
        }

        return factor;
    }
}
