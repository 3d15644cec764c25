using System.Text.Json.Nodes;

namespace Workbench.Models.Architectures;

/// <summary>
/// A model of several parts of which one is a decoder: that one is read, by the settings in <c>text_config</c>, and the tensors of the
/// others are left aside. Their names are those of transformers' checkpoints, before and after its version 4.52.
/// </summary>
/// <param name="Family">The <c>model_type</c> of config.json.</param>
/// <param name="Defaults">Values that the reference takes for fields that <c>text_config</c> leaves out.</param>
internal sealed record ModelWrapper(string Family, JsonObject Defaults)
{
    private const string Text = "text_config";

    private static readonly ModelWrapper[] s_known =
    [
        new("gemma3", new JsonObject
        {
            ["model_type"] = "gemma3_text",
            ["vocab_size"] = 262_208,
            ["hidden_size"] = 2304,
            ["intermediate_size"] = 9216,
            ["num_hidden_layers"] = 26,
            ["num_attention_heads"] = 8,
            ["num_key_value_heads"] = 4,
            ["head_dim"] = 256,
            ["max_position_embeddings"] = 131_072,
            ["rms_norm_eps"] = 1e-6,
            ["bos_token_id"] = 2,
            ["eos_token_id"] = 1,
        }),
        new("mistral3", []),
        new("llava", []),
    ];

    /// <summary>Fields that say nothing about the text's part.</summary>
    private static readonly string[] s_otherParts =
    [
        "vision_config", "mm_tokens_per_image", "boi_token_index", "eoi_token_index", "image_token_index", "boi_token_id", "eoi_token_id", "image_token_id",
        "image_seq_length", "spatial_merge_size", "projector_hidden_act", "multimodal_projector_bias", "vision_feature_layer",
        "vision_feature_select_strategy", "ignore_index",
    ];

    /// <summary>Fields that the whole has for its text, where <c>text_config</c> leaves them out.</summary>
    private static readonly string[] s_shared = ["bos_token_id", "eos_token_id", "tie_word_embeddings"];

    private static readonly (string There, string Here)[] s_textPrefixes =
    [
        ("language_model.model.", "model."), ("language_model.lm_head.", "lm_head."), ("model.language_model.", "model."), ("lm_head.", "lm_head."),
    ];

    private static readonly string[] s_otherPrefixes =
    [
        "vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector.",
    ];

    /// <summary>What is known, for messages.</summary>
    public static IEnumerable<string> Known => s_known.Select(wrapper => wrapper.Family);

    /// <summary>The wrapper of this name, or null.</summary>
    public static ModelWrapper? Find(string family)
    {
        return s_known.FirstOrDefault(wrapper => wrapper.Family == family);
    }

    /// <summary>The settings of the text's part.</summary>
    public ConfigFields TextFields(ConfigFields whole)
    {
        foreach (string field in s_otherParts)
        {
            _ = whole.Contains(field);
        }

        return whole.ObjectWith(Text, s_shared, Defaults) ?? throw whole.Bad(Text, "an object, the settings of the part that reads text");
    }

    /// <summary>The name of a tensor in the text's part alone; null for one of another part. Names that neither has are kept.</summary>
    public static string? TextName(string name)
    {
        if (s_otherPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return null;
        }

        (string? there, string here) = s_textPrefixes.FirstOrDefault(prefix => name.StartsWith(prefix.There, StringComparison.Ordinal));
        return there is null ? name : here + name[there.Length..];
    }
}
