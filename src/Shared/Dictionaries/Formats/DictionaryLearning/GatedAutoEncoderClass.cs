using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>GatedAutoEncoder</c>: a gate and a magnitude over one product.</summary>
internal sealed class GatedAutoEncoderClass : DictionaryLearningClass
{
    public override string Name => "GatedAutoEncoder";

    public override string Trainer => "GatedSAETrainer";

    public override bool SubtractsBias => true;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.Gated;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (long latents, long width) = (sizes[0], sizes[1]);
        return (Sized(SparseArchitecture.Gated, width, latents, SubtractsBias), new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            Decoder = tensors.Take("decoder.weight", width, latents).t(),
            DecoderBias = tensors.Take("decoder_bias", width),
            GateBias = tensors.Take("gate_bias", latents),
            MagnitudeScale = tensors.Take("r_mag", latents),
            MagnitudeBias = tensors.Take("mag_bias", latents),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["decoder_bias"] = weights.DecoderBias,
            ["r_mag"] = weights.MagnitudeScale,
            ["gate_bias"] = weights.GateBias,
            ["mag_bias"] = weights.MagnitudeBias,
            ["encoder.weight"] = weights.Encoder.t(),
            ["decoder.weight"] = weights.Decoder.t().contiguous(),
        };
    }
}
