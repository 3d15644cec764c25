using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>AutoEncoderTopK</c>: the exact top-k; the threshold beside it is for another mode of the library and is only carried along.</summary>
internal sealed class TopKAutoEncoderClass : DictionaryLearningClass
{
    public override string Name => "AutoEncoderTopK";

    public override string Trainer => "TopKTrainer";

    public override bool SubtractsBias => true;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.TopK;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("encoder.weight", 2);
        (long latents, long width) = (sizes[0], sizes[1]);
        int k = ChoiceFacts.TakeK(tensors);
        double threshold = tensors.TakeNumber(ChoiceFacts.Threshold);
        SparseAutoencoderConfig config = Sized(SparseArchitecture.TopK, width, latents, SubtractsBias) with { K = k, Metadata = ChoiceFacts.Of(k, threshold) };
        return (config, new SparseWeights
        {
            Encoder = tensors.Take("encoder.weight", latents, width).t(),
            EncoderBias = tensors.Take("encoder.bias", latents),
            Decoder = tensors.Take("decoder.weight", width, latents).t(),
            DecoderBias = tensors.Take("b_dec", width),
        });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        SparseWeights weights = dictionary.Weights;
        return new PickleDictionary
        {
            ["b_dec"] = weights.DecoderBias,
            ["k"] = ChoiceFacts.KTensor(dictionary.Config.K!.Value),
            ["threshold"] = ChoiceFacts.ThresholdTensor(dictionary),
            ["decoder.weight"] = weights.Decoder.t().contiguous(),
            ["encoder.weight"] = weights.Encoder.t(),
            ["encoder.bias"] = weights.EncoderBias,
        };
    }
}
