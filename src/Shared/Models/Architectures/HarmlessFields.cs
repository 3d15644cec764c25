using System.Text.Json;

namespace Workbench.Models.Architectures;

/// <summary>Fields of config.json that say nothing about what a decoder computes: training, generation, other heads, who wrote the file.</summary>
internal static class HarmlessFields
{
    private static readonly HashSet<string> s_names = new(StringComparer.Ordinal)
    {
        // About the file.
        "architectures", "model_type", "transformers_version", "dtype", "torch_dtype", "auto_map", "tokenizer_class", "name_or_path",
        "unsloth_version", "unsloth_fixed", "transformers.js_config", "is_llama_config", "is_decoder", "torchscript", "model_name",

        // How a framework runs it.
        "use_cache", "cache_implementation", "attn_implementation", "use_flash_attn", "gradient_checkpointing", "return_dict",
        "reorder_and_upcast_attn", "pretraining_tp", "output_past", "low_cpu_mem_usage", "num_logits_to_keep",

        // Training.
        "initializer_range", "initializer_factor", "n_ctx", "seq_length", "model_max_length", "max_length",

        // Tokens; the begin and end tokens are read.
        "pad_token_id", "unk_token_id", "sep_token_id", "bos_token", "eos_token", "pad_token",

        // Generation.
        "do_sample", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "num_beams", "num_beam_groups",
        "diversity_penalty", "min_length", "no_repeat_ngram_size", "num_return_sequences", "encoder_no_repeat_ngram_size",

        // Heads for other tasks.
        "id2label", "label2id", "num_labels", "task_specific_params", "summary_type", "summary_use_proj", "summary_activation",
        "summary_proj_to_labels", "summary_first_dropout", "chunk_size_feed_forward",
    };

    /// <summary>Whether a field may be passed over: by its name, or because null, false and emptiness switch something off.</summary>
    public static bool Contains(JsonProperty field)
    {
        string name = field.Name;
        return s_names.Contains(name)
            || name.StartsWith('_')
            || name.EndsWith("dropout", StringComparison.Ordinal)
            || name.EndsWith("pdrop", StringComparison.Ordinal)
            || name.EndsWith("dropout_prob", StringComparison.Ordinal)
            || IsOff(field.Value);
    }

    private static bool IsOff(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.String => value.GetRawText().Length == 2,
            _ => false,
        };
    }
}
