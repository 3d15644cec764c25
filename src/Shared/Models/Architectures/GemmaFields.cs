namespace Workbench.Models.Architectures;

/// <summary>Reads what the Gemma families share in config.json.</summary>
internal static class GemmaFields
{
    private const int HeadDimWhereAbsent = 256;
    private const double QueryScalarWhereAbsent = 256;

    /// <summary>Reads all but positions and windows.</summary>
    /// <param name="config">The config.</param>
    /// <param name="family">Its family.</param>
    /// <param name="attentionCap">Soft cap of attention where the field is absent.</param>
    /// <param name="logitCap">Soft cap of the logits where the field is absent.</param>
    public static ModelConfig Read(ConfigFields config, string family, double? attentionCap, double? logitCap)
    {
        if (config.Flag("use_bidirectional_attention", fallback: false))
        {
            throw config.Bad("use_bidirectional_attention", "false");
        }

        // Older files name the activation twice, and hidden_act is not what the reference takes.
        ModelConfig model = DecoderFields.Read(config, family, HeadDimWhereAbsent);
        return model with
        {
            Activation = ActivationNames.Read(config, "hidden_activation", "gelu_pytorch_tanh"),
            TiedEmbeddings = config.Flag("tie_word_embeddings", fallback: true),
            EmbeddingScale = Math.Sqrt(model.Width),
            AttentionScale = 1 / Math.Sqrt(config.PositiveReal("query_pre_attn_scalar", QueryScalarWhereAbsent)),
            AttentionSoftCap = config.OptionalReal("attn_logit_softcapping", attentionCap),
            LogitSoftCap = config.OptionalReal("final_logit_softcapping", logitCap),
            AttentionBias = config.Flag("attention_bias", fallback: false),
        };
    }
}
