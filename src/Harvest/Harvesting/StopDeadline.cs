using Workbench.Commands;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Ends the process when it has not stopped some seconds after it was told to. A pass of a large model cannot be cut short, and
/// a harvest loses nothing by an abrupt end but the shards under way.
/// </summary>
internal sealed class StopDeadline : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(7);

    private readonly CancellationTokenRegistration _registration;
    private Timer? _timer;

    public StopDeadline(RunFolder folder, TextWriter error, CancellationToken cancellation)
    {
        _registration = cancellation.Register(() => _timer = new Timer(_ => Stop(folder, error), null, s_patience, Timeout.InfiniteTimeSpan));
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
    }

    private static void Stop(RunFolder folder, TextWriter error)
    {
        try
        {
            if (folder.Manifest is not null)
            {
                folder.Finish(RunState.Interrupted);
            }

            error.WriteLine("Interrupted; run the same line again to resume.");
        }
        finally
        {
            Environment.Exit(ExitCodes.Interrupted);
        }
    }
}
