using System.Collections.Concurrent;

namespace Workbench.Explorer.Inference;

/// <summary>
/// One thread for everything that touches tensors: their dispose scopes belong to a thread, and a model to one thread at a time.
/// Work waits its turn and can be cancelled before and while it runs.
/// </summary>
internal sealed class ModelWorker : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public ModelWorker()
    {
        _thread = new Thread(Loop) { Name = "model worker", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs work on the thread.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Execute(work, result, cancellation), CancellationToken.None);
        return result.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(2));
    }

    private static void Execute<T>(Func<CancellationToken, T> work, TaskCompletionSource<T> result, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            result.SetResult(work(cancellation));
        }
        catch (OperationCanceledException)
        {
            result.SetCanceled(cancellation);
        }
        catch (Exception failure)
        {
            result.SetException(failure);
        }
    }

    private void Loop()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
