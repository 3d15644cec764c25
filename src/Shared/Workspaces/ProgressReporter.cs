namespace Workbench.Workspaces;

/// <summary>
/// Writes a run's progress to its folder at most every half second, and hands the same to a sink. A change of phase and the
/// end of a phase are always written. Not for use by several threads at once.
/// </summary>
public sealed class ProgressReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);

    private readonly RunFolder _folder;
    private readonly TimeProvider _time;
    private readonly IProgressSink? _sink;
    private readonly Queue<(long Timestamp, long Done)> _window = new();
    private string? _phase;
    private long _written;

    /// <summary>A reporter for one run.</summary>
    /// <param name="folder">The run's folder, which must exist.</param>
    /// <param name="time">The clock; by default the system's.</param>
    /// <param name="sink">A further receiver.</param>
    public ProgressReporter(RunFolder folder, TimeProvider? time = null, IProgressSink? sink = null)
    {
        _folder = folder;
        _time = time ?? TimeProvider.System;
        _sink = sink;
    }

    /// <summary>Tells how far a phase is.</summary>
    /// <param name="phase">What is being done.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units to do; 0 where unknown.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="message">A detail for people.</param>
    /// <exception cref="WorkbenchException">The progress file cannot be written.</exception>
    public void Report(string phase, long done, long total, string unit, string? message = null)
    {
        long now = _time.GetTimestamp();
        bool begins = phase != _phase;
        if (begins)
        {
            _phase = phase;
            _window.Clear();
            _window.Enqueue((now, done));
        }
        else if (done != total && _time.GetElapsedTime(_written, now) < Interval)
        {
            return;
        }

        _written = now;
        double rate = Rate(now, done);
        double? eta = rate > 0 && total > 0 ? (total - done) / rate : null;
        var progress = new RunProgress(phase, done, total, unit, rate, eta, message, _time.GetUtcNow());
        AtomicFile.WriteJson(_folder.ProgressPath, progress, durable: false);
        _sink?.Update(progress);
    }

    private double Rate(long now, long done)
    {
        while (_window.Count > 1 && _time.GetElapsedTime(_window.Peek().Timestamp, now) > RateWindow)
        {
            _window.Dequeue();
        }

        (long since, long before) = _window.Peek();
        double seconds = _time.GetElapsedTime(since, now).TotalSeconds;
        _window.Enqueue((now, done));
        return seconds > 0 ? Math.Max(0, done - before) / seconds : 0;
    }
}
