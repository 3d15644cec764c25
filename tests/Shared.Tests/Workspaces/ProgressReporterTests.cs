using Microsoft.Extensions.Time.Testing;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Shared.Tests.Workspaces;

public sealed class ProgressReporterTests : IDisposable, IProgressSink
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<RunProgress> _shown = [];
    private readonly RunFolder _run;
    private readonly ProgressReporter _sut;

    public ProgressReporterTests()
    {
        _run = new RunFolder(_folder.Path);
        _sut = new ProgressReporter(_run, _time, this);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    void IProgressSink.Update(RunProgress progress)
    {
        _shown.Add(progress);
    }

    [Fact]
    public void The_file_and_the_sink_get_the_same_at_most_every_half_second()
    {
        for (int i = 0; i <= 20; i++)
        {
            _sut.Report("harvest", i * 10, 1000, "tokens", "shard 1");
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        _shown.Select(progress => progress.Done).ShouldBe([0, 50, 100, 150, 200]);
        _run.Progress().ShouldBe(_shown[^1]);
        _shown[^1].Rate.ShouldBe(100, 1e-9);
        _shown[^1].EtaSeconds!.Value.ShouldBe(8, 1e-9);
        _shown[^1].Fraction.ShouldBe(0.2);
    }

    [Fact]
    public void A_new_phase_and_the_end_are_written_at_once()
    {
        _sut.Report("a", 0, 10, "rows");
        _sut.Report("a", 10, 10, "rows");
        _sut.Report("b", 0, 0, "rows");
        _shown.Select(progress => (progress.Phase, progress.Done)).ShouldBe([("a", 0), ("a", 10), ("b", 0)]);
        _shown[^1].EtaSeconds.ShouldBeNull();
    }

    [Fact]
    public void The_rate_forgets_what_is_older_than_half_a_minute()
    {
        long done = 0;
        for (int second = 0; second < 120; second++)
        {
            _sut.Report("a", done, 100_000, "rows");
            done += second < 60 ? 10 : 1000;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _shown[^1].Rate.ShouldBe(1000, 1);
    }

    [Fact]
    public void An_absent_or_damaged_file_is_no_progress()
    {
        _run.Progress().ShouldBeNull();
        File.WriteAllText(_run.ProgressPath, "{");
        _run.Progress().ShouldBeNull();
    }
}
