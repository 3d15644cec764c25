using System.Numerics.Tensors;

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

    /// <summary>The runs of kept rows between two rows of a batch.</summary>
    public IEnumerable<(int First, int Count)> Kept(ActivationCapture capture, int rows, int from, int end)
    {
        int first = from;
        for (int row = from; row < end; row++)
        {
            if (IsOutlier(capture, rows, row))
            {
                if (row > first)
                {
                    yield return (first, row - first);
                }

                first = row + 1;
            }
        }

        if (end > first)
        {
            yield return (first, end - first);
        }
    }

    private bool IsOutlier(ActivationCapture capture, int rows, int row)
    {
        for (int hook = 0; hook < limits.Count; hook++)
        {
            ReadOnlySpan<float> values = capture.Values(hook, rows);
            int width = values.Length / rows;
            if (TensorPrimitives.Norm(values.Slice(row * width, width)) > limits[hook])
            {
                return true;
            }
        }

        return false;
    }
}
