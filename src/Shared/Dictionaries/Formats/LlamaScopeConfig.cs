using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Dictionaries.Formats;

/// <summary>Reads and writes Llama Scope's <c>hyperparams.json</c>.</summary>
internal sealed record LlamaScopeConfig(SparseAutoencoderConfig Config, double InputScale, double OutputScale, double Threshold, bool FoldsNorm, bool HasDecoderBias)
{
    public const string LayoutVersion = "0.1.0";

    private static readonly HashSet<string> s_keys = new(StringComparer.Ordinal)
    {
        "device", "seed", "dtype", "hook_point_in", "hook_point_out", "use_decoder_bias", "apply_decoder_bias_to_pre_encoder", "expansion_factor",
        "d_model", "d_sae", "bias_init_method", "act_fn", "jump_relu_threshold", "norm_activation", "dataset_average_activation_norm",
        "decoder_exactly_fixed_norm", "sparsity_include_decoder_norm", "use_glu_encoder", "init_decoder_norm", "init_encoder_norm",
        "init_encoder_with_decoder_transpose", "lp", "l1_coefficient", "l1_coefficient_warmup_steps", "top_k", "initial_k", "k_warmup_steps",
        "use_batch_norm_mse", "use_ghost_grads", "tp_size", "ddp_size", "sae_pretrained_name_or_path", "strict_loading",
    };

    public static LlamaScopeConfig Read(string path)
    {
        JsonFields fields = JsonFields.Read(path);
        fields.RefuseUnknown(s_keys);
        if (fields.Boolean("use_glu_encoder", false))
        {
            throw fields.Bad("use_glu_encoder", "false", "true, which this layout is not known with");
        }

        int width = fields.RequiredInteger("d_model");
        string hook = fields.Text("hook_point_in", string.Empty);
        string output = fields.Text("hook_point_out", hook);
        (SparseArchitecture architecture, double threshold) = Activation(fields);
        (double inputScale, double outputScale) = Scales(fields, width);
        bool foldsNorm = fields.Boolean("sparsity_include_decoder_norm", true);
        var config = new SparseAutoencoderConfig
        {
            Architecture = architecture,
            Width = width,
            Latents = fields.RequiredInteger("d_sae"),
            K = architecture == SparseArchitecture.TopK ? fields.Integer("top_k") : null,
            SubtractDecoderBias = fields.Boolean("apply_decoder_bias_to_pre_encoder", true),
            Hook = hook,
            OutputHook = output == hook ? null : output,
            Metadata = DictionaryNotes.Facts([KeyValuePair.Create<string, object?>("top_k", fields.Find("top_k"))]),
        };
        config.Validate(path);
        return new LlamaScopeConfig(config, inputScale, outputScale, threshold, foldsNorm, fields.Boolean("use_decoder_bias", true));
    }

    public static JsonObject ToJson(SparseAutoencoderConfig config, double threshold)
    {
        double norm = Math.Sqrt(config.Width);
        return new JsonObject
        {
            ["device"] = "cpu",
            ["seed"] = 42,
            ["dtype"] = "torch.float",
            ["hook_point_in"] = config.Hook,
            ["hook_point_out"] = config.OutputHook ?? config.Hook,
            ["use_decoder_bias"] = true,
            ["apply_decoder_bias_to_pre_encoder"] = config.SubtractDecoderBias,
            ["expansion_factor"] = Math.Max(1, config.Latents / config.Width),
            ["d_model"] = config.Width,
            ["d_sae"] = config.Latents,
            ["bias_init_method"] = "all_zero",
            ["act_fn"] = config.Architecture switch
            {
                SparseArchitecture.TopK => "topk",
                SparseArchitecture.JumpRelu => "jumprelu",
                _ => "relu",
            },
            ["jump_relu_threshold"] = threshold,
            ["norm_activation"] = "dataset-wise",
            ["dataset_average_activation_norm"] = new JsonObject { ["in"] = norm, ["out"] = norm },
            ["decoder_exactly_fixed_norm"] = false,
            ["sparsity_include_decoder_norm"] = false,
            ["use_glu_encoder"] = false,
            ["init_decoder_norm"] = null,
            ["init_encoder_norm"] = null,
            ["init_encoder_with_decoder_transpose"] = true,
            ["lp"] = 1,
            ["l1_coefficient"] = 8e-05,
            ["l1_coefficient_warmup_steps"] = 0.1,
            ["top_k"] = config.K ?? TopK(config),
            ["initial_k"] = null,
            ["k_warmup_steps"] = 0,
            ["use_batch_norm_mse"] = false,
            ["use_ghost_grads"] = false,
            ["tp_size"] = 1,
            ["ddp_size"] = 1,
        };
    }

    private static int TopK(SparseAutoencoderConfig config)
    {
        const int Default = 50;
        return config.Metadata.TryGetValue("top_k", out JsonElement k) && k.TryGetInt32(out int number) ? number : Math.Min(Default, config.Latents);
    }

    /// <summary>top-k with a threshold was converted after training and is meant as JumpReLU, as the peer says on loading it.</summary>
    private static (SparseArchitecture Architecture, double Threshold) Activation(JsonFields fields)
    {
        double threshold = fields.Number("jump_relu_threshold") ?? 0;
        if (threshold < 0)
        {
            throw fields.Bad("jump_relu_threshold", "0 or more", $"{threshold}");
        }

        return fields.Text("act_fn", "relu") switch
        {
            "relu" => (SparseArchitecture.Relu, 0),
            "jumprelu" => (SparseArchitecture.JumpRelu, threshold),
            "topk" when threshold > 0 => (SparseArchitecture.JumpRelu, threshold),
            "topk" => (SparseArchitecture.TopK, 0),
            string other => throw fields.Bad("act_fn", "relu, jumprelu or topk", $"'{other}'"),
        };
    }

    private static (double Input, double Output) Scales(JsonFields fields, int width)
    {
        string normalization = fields.Text("norm_activation", "token-wise");
        if (normalization == "inference")
        {
            return (1, 1);
        }

        if (normalization != "dataset-wise")
        {
            throw fields.Bad("norm_activation", "dataset-wise or inference", $"'{normalization}'");
        }

        JsonFields norms = JsonFields.Within($"{fields.Path}, dataset_average_activation_norm", fields.Object("dataset_average_activation_norm"));
        double Scale(string side) => norms.Number(side) is double norm and > 0
            ? Math.Sqrt(width) / norm
            : throw norms.Bad(side, "the positive average norm that norm_activation dataset-wise needs", norms.Find(side)?.GetRawText() ?? "missing");
        return (Scale("in"), Scale("out"));
    }
}
