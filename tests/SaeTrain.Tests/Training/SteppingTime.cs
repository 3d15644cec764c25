namespace Workbench.SaeTrain.Tests.Training;

/// <summary>A second passes at every look, so that every step is reported.</summary>
internal sealed class SteppingTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp()
    {
        return Interlocked.Increment(ref _ticks);
    }
}
