using System.Numerics.Tensors;
using Workbench.Activations;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Leaves out rows whose Euclidean norm at any hook is beyond that hook's limit (dictionary_learning's
/// <c>max_activation_norm_multiple</c>, over all hooks at once, since these share their rows).
/// </summary>
/// <param name="limits">The largest norm by hook; empty to keep all.</param>
internal sealed class OutlierFilter(IReadOnlyList<double> limits)
{
    /// <summary>The filter of a harvest's settings.</summary>
    public static OutlierFilter Of(HarvestConfig config)
    {
        return config.Request.MaxNormMultiple is { } multiple
            ? new OutlierFilter([.. config.Resolved.MedianNorms!.Select(median => multiple * median)])
            : new OutlierFilter([]);
    }

    /// <summary>The runs of kept rows between two rows of a batch, whose rows are the positions of the runs.</summary>
    public List<PositionRun> Kept(ActivationCapture capture, int rows, int from, int end)
    {
        bool[] outlying = new bool[end - from];
        for (int hook = 0; hook < limits.Count; hook++)
        {
            ReadOnlySpan<float> values = capture.Values(hook, rows);
            int width = values.Length / rows;
            for (int row = from; row < end; row++)
            {
                outlying[row - from] |= TensorPrimitives.Norm(values.Slice(row * width, width)) > limits[hook];
            }
        }

        return PositionRun.Of([.. Enumerable.Range(from, end - from).Where(row => !outlying[row - from])]);
    }
}
