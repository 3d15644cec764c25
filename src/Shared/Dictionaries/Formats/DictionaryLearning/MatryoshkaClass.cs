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
        (long width, long latents) = ColumnWeights.Sizes(tensors);
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
        SparseWeights weights = ColumnWeights.Read(tensors, width, latents);
        return (config, weights with { Threshold = full([latents], threshold, ScalarType.Float32) });
    }

    public override PickleDictionary Write(SparseAutoencoder dictionary)
    {
        PickleDictionary state = ColumnWeights.Write(dictionary.Weights);
        state["k"] = ChoiceFacts.KTensor(ChoiceFacts.TrainedK(dictionary)!.Value);
        state["threshold"] = ChoiceFacts.ThresholdTensor(dictionary);
        state[Groups] = tensor(Sizes(dictionary));
        return state;
    }

    private static long[] Sizes(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Metadata.TryGetValue(Groups, out JsonElement sizes) && sizes.ValueKind == JsonValueKind.Array
            ? [.. sizes.EnumerateArray().Select(size => size.TryGetInt64(out long number) ? number : 0)]
            : [];
    }
}
