namespace Workbench.Shared.Tests.BadInput;

/// <summary>Small whole files that between them use every field that the JSON readers know.</summary>
internal static class JsonSeeds
{
    public static IReadOnlyList<string> Configs { get; } =
    [
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2,
         "head_dim": 16, "num_hidden_layers": 2, "intermediate_size": 128, "vocab_size": 300, "max_position_embeddings": 128,
         "rms_norm_eps": 1e-05, "hidden_act": "silu", "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": [2, 3],
         "attention_bias": false, "mlp_bias": false, "rope_theta": 10000.0,
         "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                          "original_max_position_embeddings": 64}, "torch_dtype": "float32", "use_cache": true}
        """,
        """
        {"model_type": "gemma2", "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
         "num_hidden_layers": 3, "intermediate_size": 128, "vocab_size": 300, "max_position_embeddings": 128, "rms_norm_eps": 1e-06,
         "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 16, "attn_logit_softcapping": 50.0,
         "final_logit_softcapping": 30.0, "sliding_window": 16, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
         "bos_token_id": 2, "eos_token_id": 1, "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}}
        """,
        """
        {"model_type": "gpt2", "n_embd": 64, "n_head": 4, "n_layer": 2, "n_inner": null, "vocab_size": 300, "n_positions": 128,
         "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new", "scale_attn_weights": true, "eos_token_id": 0, "bos_token_id": 0}
        """,
        """
        {"model_type": "gpt_neox", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, "intermediate_size": 256,
         "vocab_size": 300, "max_position_embeddings": 128, "layer_norm_eps": 1e-05, "hidden_act": "gelu", "rotary_pct": 0.25,
         "rotary_emb_base": 10000, "use_parallel_residual": true, "tie_word_embeddings": false, "attention_bias": true,
         "bos_token_id": 0, "eos_token_id": 0}
        """,
        """
        {"model_type": "mistral", "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2,
         "intermediate_size": 128, "vocab_size": 300, "max_position_embeddings": 128, "rms_norm_eps": 1e-05, "hidden_act": "silu",
         "sliding_window": 16, "rope_theta": 10000.0, "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2}
        """,
        """
        {"model_type": "phi3", "hidden_size": 16, "num_attention_heads": 2, "num_key_value_heads": 2, "num_hidden_layers": 2,
         "intermediate_size": 128, "vocab_size": 300, "max_position_embeddings": 128, "original_max_position_embeddings": 32,
         "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
         "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.5], "long_factor": [2.0, 4.5]}, "sliding_window": null}
        """,
        """
        {"model_type": "gemma3", "eos_token_id": [1, 106], "image_token_index": 5, "vision_config": {"hidden_size": 8},
         "text_config": {"model_type": "gemma3_text", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "head_dim": 16,
         "sliding_window": 16, "sliding_window_pattern": 2, "rope_local_base_freq": 100.0, "rope_theta": 1000.0,
         "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "beta_fast": 16, "beta_slow": 2,
                          "truncate": false, "attention_factor": null, "mscale": 0.7, "mscale_all_dim": 0.6}}}
        """,
    ];

    public static IReadOnlyList<string> Tokenizers { get; } =
    [
        """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 0, "content": "<x>", "single_word": false, "lstrip": true, "rstrip": true, "normalized": false, "special": true}],
         "normalizer": {"type": "NFC"},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": " ?\\p{L}+|\\s+(?!\\S)|[^\\s\\p{L}]{1,3}"}, "behavior": "Isolated", "invert": false},
            {"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<x>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [], "special_tokens": {"<x>": {"id": "<x>", "ids": [0], "tokens": ["<x>"]}}}]},
         "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
            "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
            "vocab": {"<x>": 0, "a": 1, "b": 2, "Ġ": 3, "Ġa": 4, "ab": 5, "1": 6}, "merges": [["Ġ", "a"], ["a", "b"]]}}
        """,
        """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 7, "content": "b  ", "normalized": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "NFKC"}, {"type": "Strip", "strip_left": false, "strip_right": true}]},
         "pre_tokenizer": null,
         "post_processor": {"type": "BertProcessing", "sep": ["<unk>", 0], "cls": ["a", 1]},
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
            {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
            "vocab": {"<unk>": 0, "a": 1, "b": 2, "▁": 3, "▁a": 4, "<0xC3>": 5, "<0xA9>": 6}, "merges": ["▁ a"]}}
        """,
        """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "[UNK]", "special": true}],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "RobertaProcessing", "sep": ["[UNK]", 0], "cls": ["a", 1], "trim_offsets": true, "add_prefix_space": false},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
            "vocab": {"[UNK]": 0, "a": 1, "##b": 2, "caf": 3, "##e": 4, ",": 5}}}
        """,
        """
        {"version": "1.0", "added_tokens": [],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Precompiled", "precompiled_charsmap": "BAAAAAAAAAAA"}, {"type": "Lowercase"},
            {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Contiguous"},
            {"type": "CharDelimiterSplit", "delimiter": "-"}, {"type": "Whitespace"},
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}]},
         "post_processor": null,
         "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
            "vocab": [["<unk>", 0.0], ["▁", -2.0], ["a", -3.5], ["▁a", -2.5], ["b", -4]]}}
        """,
    ];
}
