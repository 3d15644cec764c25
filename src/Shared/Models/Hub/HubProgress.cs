using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>Adds up the bytes of parallel transfers and tells a sink some times a second.</summary>
internal sealed class HubProgress(IProgressSink? sink, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private long _told;
    private long _done;
    private long _total;

    public void Begin(long bytes)
    {
        _total = bytes;
        _done = 0;
    }

    public void Add(long bytes)
    {
        if (sink is null || bytes == 0)
        {
            return;
        }

        lock (_lock)
        {
            _done += bytes;
            long now = time.GetTimestamp();
            if (_done != _total && _told != 0 && time.GetElapsedTime(_told, now) < s_interval)
            {
                return;
            }

            _told = now;
            double seconds = time.GetElapsedTime(_started, now).TotalSeconds;
            double rate = seconds > 0 ? _done / seconds : 0;
            sink.Update(new RunProgress("pull", _done, _total, "bytes", rate, rate > 0 ? (_total - _done) / rate : null, null, time.GetUtcNow()));
        }
    }
}
