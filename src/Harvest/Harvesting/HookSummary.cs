using System.Text.Json.Serialization;
using Workbench.Activations;

namespace Workbench.Harvest.Harvesting;

/// <summary>The statistics of one hook, without its mean row.</summary>
internal sealed record HookSummary(
    string Hook,
    int Width,
    [property: JsonPropertyName("dtype")] string DType,
    double MeanNorm,
    double MedianNorm,
    double TotalVariance,
    double MaxAbs)
{
    public static HookSummary Of(ActivationStatistics statistics, string dtype)
    {
        return new HookSummary(
            statistics.Hook, statistics.Width, dtype.ToLowerInvariant(),
            statistics.MeanNorm, statistics.MedianNorm, statistics.TotalVariance, statistics.MaxAbs);
    }
}
