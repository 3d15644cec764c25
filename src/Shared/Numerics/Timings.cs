using System.Diagnostics;

namespace Workbench.Numerics;

/// <summary>What benchmarks share: the time of an action, and the number that stands for several times.</summary>
public static class Timings
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Seconds that an action takes.</summary>
    /// <param name="action">The action.</param>
    public static double Seconds(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Medians of the seconds of several actions. They are timed in turn, so that whatever else the machine does falls on all of them, after
    /// a few seconds of calls that do not count: the runtime compiles what is called often a second time, in the background.
    /// </summary>
    /// <param name="repeats">Timings of each, at least one.</param>
    /// <param name="cancellation">Ends the work between two rounds.</param>
    /// <param name="actions">The actions.</param>
    /// <returns>One median an action.</returns>
    public static double[] InTurn(int repeats, CancellationToken cancellation, params Action[] actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        long start = Stopwatch.GetTimestamp();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            Array.ForEach(actions, action => action());
        }
        while (Stopwatch.GetElapsedTime(start) < s_warmUp);

        double[][] seconds = [.. actions.Select(_ => new double[repeats])];
        for (int round = 0; round < repeats; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < actions.Length; i++)
            {
                seconds[i][round] = Seconds(actions[i]);
            }
        }

        return [.. seconds.Select(Median)];
    }

    /// <summary>The median; between the two middle values where their number is even.</summary>
    /// <param name="values">At least one value.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
