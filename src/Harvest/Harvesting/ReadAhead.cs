using System.Collections.Concurrent;

namespace Workbench.Harvest.Harvesting;

/// <summary>Computes the next items of a sequence on another thread while the present one is worked on.</summary>
internal static class ReadAhead
{
    /// <summary>The same items in the same order. A failure appears where its item would have been.</summary>
    /// <param name="items">Enumerated on one other thread, which ends when this is no longer enumerated.</param>
    /// <param name="count">How many items may wait.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, int count)
    {
        using var waiting = new BlockingCollection<T>(count);
        using var stop = new CancellationTokenSource();
        Task reader = Task.Factory.StartNew(() => Fill(items, waiting, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (T item in waiting.GetConsumingEnumerable())
            {
                yield return item;
            }

            reader.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            _ = Task.WhenAny(reader).GetAwaiter().GetResult();
        }
    }

    private static void Fill<T>(IEnumerable<T> items, BlockingCollection<T> waiting, CancellationToken stop)
    {
        try
        {
            foreach (T item in items)
            {
                waiting.Add(item, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody reads on.
        }
        finally
        {
            waiting.CompleteAdding();
        }
    }
}
