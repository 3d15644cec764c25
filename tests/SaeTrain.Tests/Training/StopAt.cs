using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

/// <summary>Cancels at a step of training.</summary>
internal sealed class StopAt(CancellationTokenSource stop, long step) : IProgressSink
{
    public void Update(RunProgress progress)
    {
        if (progress.Phase == "train" && progress.Done >= step)
        {
            stop.Cancel();
        }
    }
}
