using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>What the GGUF files of the Gemma families share.</summary>
internal static class GemmaGguf
{
    /// <summary>Names which layers have the sliding window.</summary>
    public const string WindowPattern = "attention.sliding_window_pattern";

    /// <summary>Reads all but windows and caps.</summary>
    /// <param name="gguf">The metadata.</param>
    /// <param name="family">The family.</param>
    /// <param name="largestLayers">Blocks of the model whose scale of attention is that of width / heads; files do not say it.</param>
    public static ModelConfig Read(GgufFields gguf, string family, int largestLayers)
    {
        ModelConfig model = DecoderGguf.Read(gguf, family);
        return model with
        {
            Activation = Activation.TanhGelu,
            EmbeddingScale = Math.Sqrt(model.Width),
            AttentionScale = 1 / Math.Sqrt(model.Layers == largestLayers ? model.Width / model.Heads : model.HeadDim),
        };
    }

    /// <summary>The weights; those of norms are stored with one added.</summary>
    public static GgufWeights Weights(GgufFile file, ModelConfig config)
    {
        return DecoderGguf.Weights(file, config, DecoderGguf.PostNorms, (module, stored) =>
            new GgufPlace(stored, module.EndsWith("norm", StringComparison.Ordinal) ? weight => weight - 1 : null));
    }
}
