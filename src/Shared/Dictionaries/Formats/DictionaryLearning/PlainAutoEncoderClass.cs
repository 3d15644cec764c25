using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>AutoEncoderNew</c>: nothing is subtracted from the input.</summary>
internal sealed class PlainAutoEncoderClass : DictionaryLearningClass
{
    public override string Name => "AutoEncoderNew";

    public override string Trainer => "StandardTrainerNew";

    public override bool SubtractsBias => false;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.Relu;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (long latents, long width) = (sizes[0], sizes[1]);
        return (Sized(SparseArchitecture.Relu, width, latents, SubtractsBias), new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            EncoderBias = tensors.Take("encoder.bias", latents),
            Decoder = tensors.Take("decoder.weight", width, latents).t(),
            DecoderBias = tensors.Take("decoder.bias", width),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["encoder.weight"] = weights.Encoder.t(),
            ["encoder.bias"] = weights.EncoderBias,
            ["decoder.weight"] = weights.Decoder.t().contiguous(),
            ["decoder.bias"] = weights.DecoderBias,
        };
    }
}
