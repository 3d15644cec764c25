namespace Workbench.Models.Architectures;

/// <summary>Reads the fields of config.json that the families after Llama share.</summary>
internal static class DecoderFields
{
    /// <summary>Reads all but positions and what is a family's own.</summary>
    /// <param name="config">The config.</param>
    /// <param name="family">Its family.</param>
    /// <param name="headDim">Head width where the field is absent; null for width / heads.</param>
    public static ModelConfig Read(ConfigFields config, string family, int? headDim = null)
    {
        int width = config.Size("hidden_size", SizeLimits.Width);
        int heads = config.Size("num_attention_heads", SizeLimits.Heads);
        int groups = config.Size("num_key_value_heads", SizeLimits.Heads, heads);
        int head = config.Size("head_dim", SizeLimits.HeadDim, config.Contains("head_dim") ? width / heads : headDim ?? (width / heads));
        return heads % groups != 0
            ? throw config.Bad("num_key_value_heads", $"a divisor of num_attention_heads ({heads})")
            : new ModelConfig
            {
                Family = family,
                Layers = config.Size("num_hidden_layers", SizeLimits.Layers),
                Width = width,
                Heads = heads,
                KeyValueHeads = groups,
                HeadDim = head % 2 == 0 && head > 0 ? head : throw config.Bad("head_dim", "even"),
                IntermediateSize = config.Size("intermediate_size", SizeLimits.Hidden),
                VocabularySize = config.Positive("vocab_size"),
                ContextLength = config.Positive("max_position_embeddings"),
                NormEpsilon = config.PositiveReal("rms_norm_eps"),
                Activation = ActivationNames.Read(config, "hidden_act", "silu"),
                TiedEmbeddings = config.Flag("tie_word_embeddings", fallback: false),
                BosId = Bos(config),
                EosIds = config.Ids("eos_token_id"),
            };
    }

    /// <summary>The token that starts a text, or null.</summary>
    public static int? Bos(ConfigFields config)
    {
        return config.Ids("bos_token_id") is [int bos, ..] ? bos : null;
    }
}
