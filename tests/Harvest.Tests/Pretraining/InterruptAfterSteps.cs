namespace Workbench.Harvest.Tests.Pretraining;

/// <summary>Interrupts a run once it has done a number of steps, at most three times.</summary>
internal sealed class InterruptAfterSteps
{
    private const int Limit = 3;
    private readonly int _steps;

    public InterruptAfterSteps(int steps)
    {
        _steps = steps;
    }

    /// <summary>Interruptions so far.</summary>
    public int Count { get; private set; }

    public Action<long> Watch(CancellationTokenSource source)
    {
        int seen = 0;
        return _ =>
        {
            if (++seen == _steps && Count < Limit)
            {
                Count++;
                source.Cancel();
            }
        };
    }
}
