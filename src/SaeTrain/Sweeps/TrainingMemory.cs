using System.Globalization;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>Estimates what trainings hold in memory, and reads what there is.</summary>
internal static class TrainingMemory
{
    private const string Table = "/proc/meminfo";
    private const string Available = "MemAvailable:";

    /// <summary>
    /// Weights, two moments, a gradient and a copy for saving, 4 bytes each; and what a step makes of batch x latents: a
    /// product, and for architectures whose latents are dense in training their values and gradients too.
    /// </summary>
    public static long Needed(TrainingConfig config)
    {
        const int PerWeight = 5 * sizeof(float);
        long weights = (long)config.Latents * (config.Width + config.OutputWidth + 2);
        long products = (long)config.Batch * config.Latents * sizeof(float);
        bool sparse = config.Architecture.Contains("topk", StringComparison.Ordinal);
        return (weights * PerWeight) + (products * (sparse ? 1 : 6)) + ((long)config.Batch * (config.Width + config.OutputWidth) * sizeof(float) * 4);
    }

    /// <summary>Bytes that this process can still take: the machine's free memory, or less where the process is limited.</summary>
    public static long Free()
    {
        long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string? line = File.Exists(Table) ? File.ReadLines(Table).FirstOrDefault(l => l.StartsWith(Available, StringComparison.Ordinal)) : null;
        return line is null
            ? limit
            : Math.Min(limit, long.Parse(line[Available.Length..].Replace("kB", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024);
    }
}
