using System.Diagnostics;

namespace Workbench.Numerics;

/// <summary>What benchmarks share: the time of an action, and the number that stands for several times.</summary>
public static class Timings
{
    /// <summary>Seconds that an action takes.</summary>
    /// <param name="action">The action.</param>
    public static double Seconds(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median; between the two middle values where their number is even.</summary>
    /// <param name="values">At least one value.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
