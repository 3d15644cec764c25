using Workbench.Models.Weights.Pickle;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>
/// <c>AutoEncoder</c>: one bias for input and output. The library makes decoder columns unit on loading and multiplies the encoder
/// by their norm, so only dictionaries with such a decoder keep their latents in it.
/// </summary>
internal sealed class UnitAutoEncoderClass : DictionaryLearningClass
{
    private const double UnitTolerance = 1e-5;

    public override string Name => "AutoEncoder";

    public override string Trainer => "StandardTrainer";

    public override bool SubtractsBias => true;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return dictionary.Config is { Architecture: SparseArchitecture.Relu, SubtractDecoderBias: true }
            && dictionary.Directions.norm(1).sub(1).abs().max().item<float>() < UnitTolerance;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (long latents, long width) = (sizes[0], sizes[1]);
        Tensor decoder = tensors.Take("decoder.weight", width, latents).t();
        Tensor norm = decoder.norm(1).clamp_min(SparseAutoencoder.SmallestNorm);
        return (Sized(SparseArchitecture.Relu, width, latents, SubtractsBias), new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t() * norm,
            EncoderBias = tensors.Take("encoder.bias", latents) * norm,
            Decoder = decoder / norm.unsqueeze(1),
            DecoderBias = tensors.Take("bias", width),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["bias"] = weights.DecoderBias,
            ["encoder.weight"] = weights.Encoder.t(),
            ["encoder.bias"] = weights.EncoderBias,
            ["decoder.weight"] = weights.Decoder.t().contiguous(),
        };
    }
}
