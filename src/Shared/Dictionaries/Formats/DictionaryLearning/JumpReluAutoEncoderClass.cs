using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>JumpReluAutoEncoder</c>: a threshold a latent; nothing is subtracted from the input.</summary>
internal sealed class JumpReluAutoEncoderClass : DictionaryLearningClass
{
    public override string Name => "JumpReluAutoEncoder";

    public override string Trainer => "JumpReluTrainer";

    public override bool SubtractsBias => false;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.JumpRelu;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("W_enc", 2);
        (long width, long latents) = (sizes[0], sizes[1]);
        return (Sized(SparseArchitecture.JumpRelu, width, latents, SubtractsBias), new SparseWeights
        {
            Encoder = tensors.Take("W_enc", width, latents),
            EncoderBias = tensors.Take("b_enc", latents),
            Decoder = tensors.Take("W_dec", latents, width),
            DecoderBias = tensors.Take("b_dec", width),
            Threshold = tensors.Take("threshold", latents),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["W_enc"] = weights.Encoder.t().contiguous().t(),
            ["b_enc"] = weights.EncoderBias,
            ["W_dec"] = weights.Decoder,
            ["b_dec"] = weights.DecoderBias,
            ["threshold"] = weights.Threshold,
        };
    }
}
