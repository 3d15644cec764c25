using TorchSharp;
using Workbench.Models.Weights.Pickle;
using static TorchSharp.torch;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>BatchTopKSAE</c>: at inference ReLU, and zero where not above one threshold.</summary>
internal sealed class BatchTopKClass : DictionaryLearningClass
{
    public override string Name => "BatchTopKSAE";

    public override string Trainer => "BatchTopKTrainer";

    public override bool SubtractsBias => true;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.JumpRelu && ChoiceFacts.TrainedK(dictionary) is not null && ChoiceFacts.HasOneThreshold(dictionary);
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (long latents, long width) = (sizes[0], sizes[1]);
        int k = ChoiceFacts.TakeK(tensors);
        double threshold = tensors.TakeNumber(ChoiceFacts.Threshold);
        SparseAutoencoderConfig config = Sized(SparseArchitecture.JumpRelu, width, latents, SubtractsBias) with { Metadata = ChoiceFacts.Of(k, threshold) };
        return (config, new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            EncoderBias = tensors.Take("encoder.bias", latents),
            Decoder = tensors.Take("decoder.weight", width, latents).t(),
            DecoderBias = tensors.Take("b_dec", width),
            Threshold = full([latents], threshold, ScalarType.Float32),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["b_dec"] = weights.DecoderBias,
            ["k"] = ChoiceFacts.KTensor(ChoiceFacts.TrainedK(dictionary)!.Value),
            ["threshold"] = ChoiceFacts.ThresholdTensor(dictionary),
            ["decoder.weight"] = weights.Decoder.t().contiguous(),
            ["encoder.weight"] = weights.Encoder.t(),
            ["encoder.bias"] = weights.EncoderBias,
        };
    }
}
