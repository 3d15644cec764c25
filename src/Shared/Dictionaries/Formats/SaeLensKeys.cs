namespace Workbench.Dictionaries.Formats;

/// <summary>The keys that SAELens writes to <c>cfg.json</c>; any other is refused.</summary>
internal static class SaeLensKeys
{
    public static IReadOnlySet<string> NumberTypes { get; } = new HashSet<string>(StringComparer.Ordinal) { "float32", "float16", "bfloat16", "float64" };

    /// <summary>Activations scaled in training by a factor that is folded into the weights at its end.</summary>
    public const string UnfoldedNorm = "expected_average_only_in";

    public static IReadOnlyDictionary<string, InputNormalization> Normalizations { get; } = new Dictionary<string, InputNormalization>(StringComparer.Ordinal)
    {
        ["none"] = InputNormalization.None,
        ["layer_norm"] = InputNormalization.LayerNorm,
        ["constant_norm_rescale"] = InputNormalization.ConstantNormRescale,
    };

    public static IReadOnlySet<string> Current { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "architecture", "d_in", "d_sae", "dtype", "device", "apply_b_dec_to_input", "normalize_activations", "reshape_activations",
        "metadata", "k", "rescale_acts_by_decoder_norm", "d_out", "sae_lens_version",

        // Options of training that a checkpoint keeps; they do not matter to inference.
        "decoder_init_norm", "use_sparse_activations", "aux_loss_coefficient", "l1_coefficient", "lp_norm", "l1_warm_up_steps",
        "jumprelu_init_threshold", "jumprelu_bandwidth", "jumprelu_sparsity_loss_mode", "jumprelu_tanh_scale", "jumprelu_ste_to_input",
        "l0_coefficient", "l0_warm_up_steps", "pre_act_loss_coefficient", "target_l0", "topk_threshold_lr", "matryoshka_widths",
        "use_matryoshka_aux_loss",
    };

    /// <summary>Old names of facts, and the names under which release 6 keeps them in its metadata.</summary>
    public static IReadOnlyList<(string Old, string Current)> LegacyMetadata { get; } =
    [
        ("model_name", "model_name"), ("model_class_name", "model_class_name"), ("hook_point", "hook_name"), ("hook_name", "hook_name"),
        ("hook_point_head_index", "hook_head_index"), ("hook_head_index", "hook_head_index"), ("dataset_path", "dataset_path"),
        ("context_size", "context_size"), ("prepend_bos", "prepend_bos"), ("seqpos_slice", "seqpos_slice"), ("neuronpedia_id", "neuronpedia_id"),
        ("model_from_pretrained_kwargs", "model_from_pretrained_kwargs"), ("sae_lens_training_version", "sae_lens_training_version"),
    ];

    public static IReadOnlySet<string> Legacy { get; } = new HashSet<string>(LegacyMetadata.Select(pair => pair.Old), StringComparer.Ordinal)
    {
        "architecture", "d_in", "d_sae", "dtype", "device", "apply_b_dec_to_input", "normalize_activations", "reshape_activations", "metadata",
        "activation_fn_str", "activation_fn", "activation_fn_kwargs", "finetuning_scaling_factor", "hook_point_layer", "hook_layer",
        "dataset_trust_remote_code", "is_dataset_tokenized", "expansion_factor", "use_cached_activations", "cached_activations_path",
        "l1_coefficient", "lp_norm", "lr", "seed", "log_to_wandb", "sae_lens_version", "k", "rescale_acts_by_decoder_norm",
    };
}
