using Workbench.Workspaces;

namespace Workbench.SaeTrain.Indexing;

/// <summary>Reports phases one after the other and remembers how long each took.</summary>
internal sealed class PhaseProgress(ProgressReporter reporter, TimeProvider time)
{
    private readonly Dictionary<string, double> _seconds = [];
    private long _last = time.GetTimestamp();

    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    public void Report(string phase, long done, long total)
    {
        Report(phase, done, total, phase is "verify" ? "shards" : phase is "neighbours" or "logits" or "examples" ? "latents" : "tokens");
    }

    public void Report(string phase, long done, long total, string unit)
    {
        long now = time.GetTimestamp();
        _seconds[phase] = _seconds.GetValueOrDefault(phase) + time.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        reporter.Report(phase, done, total, unit);
    }
}
