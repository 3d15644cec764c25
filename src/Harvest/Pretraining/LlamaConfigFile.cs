using System.Text.Json.Nodes;

namespace Workbench.Harvest.Pretraining;

/// <summary>config.json of a pretrained model, with the fields that Hugging Face transformers 5 writes for LlamaForCausalLM.</summary>
internal static class LlamaConfigFile
{
    public const double NormEpsilon = 1e-5;
    public const double RopeTheta = 10_000;

    /// <summary>Id of the token that separates documents; both beginning and end of sequence.</summary>
    public const int SeparatorId = 0;

    public static string Write(PretrainOptions options)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = false,
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = SeparatorId,
            ["dtype"] = "bfloat16",
            ["eos_token_id"] = SeparatorId,
            ["head_dim"] = options.Width / options.Heads,
            ["hidden_act"] = "silu",
            ["hidden_size"] = options.Width,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = options.Intermediate,
            ["max_position_embeddings"] = options.Context,
            ["mlp_bias"] = false,
            ["model_type"] = "llama",
            ["num_attention_heads"] = options.Heads,
            ["num_hidden_layers"] = options.Layers,
            ["num_key_value_heads"] = options.Heads,
            ["pad_token_id"] = null,
            ["pretraining_tp"] = 1,
            ["rms_norm_eps"] = NormEpsilon,
            ["rope_parameters"] = new JsonObject { ["rope_theta"] = RopeTheta, ["rope_type"] = "default" },
            ["tie_word_embeddings"] = true,
            ["transformers_version"] = "5.23.0",
            ["use_cache"] = true,
            ["vocab_size"] = options.Vocabulary,
        };
        return config.ToJsonString(new() { WriteIndented = true }) + "\n";
    }
}
