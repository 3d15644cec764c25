using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

/// <summary>Cancels a run once it has computed so many rows.</summary>
internal sealed class StopAfter(CancellationTokenSource source, long rows) : IProgressSink
{
    public void Update(RunProgress progress)
    {
        if (progress.Phase == "harvest" && progress.Done >= rows)
        {
            source.Cancel();
        }
    }
}
