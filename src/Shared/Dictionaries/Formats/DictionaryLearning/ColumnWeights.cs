using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>The four weights of classes that hold the encoder as <c>W_enc</c>, one latent a column.</summary>
internal static class ColumnWeights
{
    /// <summary>Sizes by the encoder's shape.</summary>
    public static (long Width, long Latents) Sizes(StrictTensors tensors)
    {
        long[] sizes = tensors.Shape("W_enc", 2);
        return (sizes[0], sizes[1]);
    }

    public static SparseWeights Read(StrictTensors tensors, long width, long latents)
    {
        return new SparseWeights
        {
            Encoder = tensors.Take("W_enc", width, latents),
            EncoderBias = tensors.Take("b_enc", latents),
            Decoder = tensors.Take("W_dec", latents, width),
            DecoderBias = tensors.Take("b_dec", width),
        };
    }

    /// <summary>A state dict that begins with them; the encoder lies in memory by latent, as the peer's transposed parameter does.</summary>
    public static PickleDictionary Write(SparseWeights weights)
    {
        return new PickleDictionary
        {
            ["W_enc"] = weights.Encoder.t().contiguous().t(),
            ["b_enc"] = weights.EncoderBias,
            ["W_dec"] = weights.Decoder,
            ["b_dec"] = weights.DecoderBias,
        };
    }
}
