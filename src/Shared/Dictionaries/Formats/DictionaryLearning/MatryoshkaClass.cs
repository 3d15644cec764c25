using System.Text.Json;
using TorchSharp;
using Workbench.Models.Weights.Pickle;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary><c>MatryoshkaBatchTopKSAE</c>: as <see cref="BatchTopKClass"/>, with the sizes of its groups of latents beside it.</summary>
internal sealed class MatryoshkaClass : DictionaryLearningClass
{
    private const string Groups = "group_sizes";
    private const int MostGroups = 1024;

    public override string Name => "MatryoshkaBatchTopKSAE";

    public override string Trainer => "MatryoshkaBatchTopKTrainer";

    public override bool SubtractsBias => true;

    public override bool Fits(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Architecture == SparseArchitecture.JumpRelu
            && ChoiceFacts.TrainedK(dictionary) is not null
            && ChoiceFacts.HasOneThreshold(dictionary)
            && Sizes(dictionary).Sum() == dictionary.Latents;
    }

    public override (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings)
    {
        long[] sizes = tensors.Shape("W_enc", 2);
        (long width, long latents) = (sizes[0], sizes[1]);
        int k = ChoiceFacts.TakeK(tensors);
        double threshold = tensors.TakeNumber(ChoiceFacts.Threshold);
        double[] groups = tensors.TakeNumbers(Groups, MostGroups);
        if (groups.Any(size => size < 1 || size != Math.Floor(size)) || groups.Sum() != latents)
        {
            throw new WorkbenchException($"{tensors.Path}: {Groups} are {string.Join(", ", groups)}, where whole numbers that sum to {latents} latents were expected.");
        }

        Dictionary<string, JsonElement> facts = ChoiceFacts.Of(k, threshold);
        facts[Groups] = JsonSerializer.SerializeToElement(groups.Select(size => (long)size));
        SparseAutoencoderConfig config = Sized(SparseArchitecture.JumpRelu, width, latents, SubtractsBias) with { Metadata = facts };
        return (config, new SparseWeights
        {
            Encoder = tensors.Take("W_enc", width, latents),
            EncoderBias = tensors.Take("b_enc", latents),
            Decoder = tensors.Take("W_dec", latents, width),
            DecoderBias = tensors.Take("b_dec", width),
            Threshold = full([latents], threshold, ScalarType.Float32),
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
            ["k"] = ChoiceFacts.KTensor(ChoiceFacts.TrainedK(dictionary)!.Value),
            ["threshold"] = ChoiceFacts.ThresholdTensor(dictionary),
            [Groups] = tensor(Sizes(dictionary)),
        };
    }

    private static long[] Sizes(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Metadata.TryGetValue(Groups, out JsonElement sizes) && sizes.ValueKind == JsonValueKind.Array
            ? [.. sizes.EnumerateArray().Select(size => size.TryGetInt64(out long number) ? number : 0)]
            : [];
    }
}
