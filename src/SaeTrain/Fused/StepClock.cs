using System.Diagnostics;

namespace Workbench.SaeTrain.Fused;

/// <summary>Sums the time that parts of steps take.</summary>
internal sealed class StepClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length];
    private StepPart? _running;
    private long _since;

    /// <summary>Ends what runs, and starts a part.</summary>
    public void Start(StepPart part)
    {
        Stop();
        (_running, _since) = (part, Stopwatch.GetTimestamp());
    }

    public void Stop()
    {
        if (_running is StepPart part)
        {
            _ticks[(int)part] += Stopwatch.GetTimestamp() - _since;
            _running = null;
        }
    }

    /// <summary>Seconds of a part since the last <see cref="Reset"/>.</summary>
    public double Seconds(StepPart part)
    {
        return _ticks[(int)part] / (double)Stopwatch.Frequency;
    }

    public void Reset()
    {
        Array.Clear(_ticks);
    }
}
