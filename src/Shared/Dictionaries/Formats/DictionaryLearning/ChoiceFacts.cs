using System.Text.Json;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>The numbers k and threshold, which several classes keep as tensors without axes.</summary>
internal static class ChoiceFacts
{
    public const string K = "k";
    public const string Threshold = "threshold";

    private const double Unset = -1;

    /// <summary>The k that a dictionary of a batch-wide choice was trained with, where that is known.</summary>
    public static int? TrainedK(SparseAutoencoder dictionary)
    {
        return dictionary.Config.Metadata.TryGetValue(K, out JsonElement k) && k.ValueKind == JsonValueKind.Number && k.TryGetInt32(out int number) ? number : null;
    }

    /// <summary>Whether all latents have one threshold.</summary>
    public static bool HasOneThreshold(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return dictionary.Threshold is Tensor threshold && threshold.eq(threshold[0]).all().item<bool>();
    }

    public static Dictionary<string, JsonElement> Of(int k, double threshold)
    {
        return DictionaryNotes.Facts([KeyValuePair.Create<string, object?>(K, k), KeyValuePair.Create<string, object?>(Threshold, threshold)]);
    }

    public static int TakeK(StrictTensors tensors)
    {
        double k = tensors.TakeNumber(K);
        return k is >= 1 and <= int.MaxValue && k == Math.Floor(k)
            ? (int)k
            : throw new WorkbenchException($"{tensors.Path}: k is {k}, where a positive whole number was expected.");
    }

    public static Tensor KTensor(int k)
    {
        return tensor(k, ScalarType.Int32);
    }

    public static Tensor ThresholdTensor(SparseAutoencoder dictionary)
    {
        return dictionary.Threshold is Tensor threshold ? threshold[0]
            : tensor(dictionary.Config.Metadata.TryGetValue(Threshold, out JsonElement stored) && stored.TryGetDouble(out double value) ? (float)value : (float)Unset);
    }
}
