using Microsoft.Extensions.Time.Testing;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Shared.Tests.Workspaces;

public sealed class RunFolderTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(s_start);

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_manifest_comes_back_as_it_was_written()
    {
        RunFolder run = Started();
        _time.Advance(TimeSpan.FromMinutes(3));
        run.Finish(RunState.Failed, "a sentence");
        RunManifest stored = new RunFolder(run.Path).Manifest.ShouldNotBeNull();
        stored.Id.ShouldBe("h1");
        stored.State.ShouldBe(RunState.Failed);
        stored.Error.ShouldBe("a sentence");
        (stored.Started, stored.Ended).ShouldBe((s_start, s_start.AddMinutes(3)));
        stored.Config.GetProperty("tokens").GetInt32().ShouldBe(5);
        stored.Inputs["model"].ShouldBe("abc");
        stored.Host.ShouldBe(HostFacts.Current() with { MemoryBytes = stored.Host.MemoryBytes });
        stored.ToolVersion.ShouldNotBeNullOrEmpty();
        File.ReadAllText(run.ManifestPath).ShouldContain("\"state\": \"failed\"");
    }

    [Fact]
    public void Going_on_keeps_the_first_start_and_forgets_the_end()
    {
        RunFolder run = Started();
        run.Finish(RunState.Interrupted);
        _time.Advance(TimeSpan.FromHours(1));
        run.Start(run.Manifest!);
        (run.Manifest!.Started, run.Manifest.Ended, run.Manifest.State).ShouldBe((s_start, null, RunState.Running));
    }

    [Fact]
    public void A_folder_without_a_run_has_no_manifest()
    {
        new RunFolder(_folder.At("none")).Manifest.ShouldBeNull();
        Should.Throw<WorkbenchException>(() => new RunFolder(_folder.At("none")).Finish(RunState.Complete));
    }

    [Theory]
    [InlineData("{ \"format_version\": 1 ")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_damaged_manifest_is_named(string text)
    {
        string path = _folder.At("h1", "run.json");
        AtomicFile.WriteText(path, text);
        Should.Throw<WorkbenchException>(() => new RunFolder(_folder.At("h1")).Manifest).Message.ShouldContain(path);
    }

    [Fact]
    public void A_manifest_of_another_version_is_refused()
    {
        RunFolder run = Started();
        string text = File.ReadAllText(run.ManifestPath).Replace("\"format_version\": 1", "\"format_version\": 2", StringComparison.Ordinal);
        File.WriteAllText(run.ManifestPath, text);
        Should.Throw<WorkbenchException>(() => new RunFolder(run.Path).Manifest).Message.ShouldContain("format_version 2");
    }

    [Fact]
    public void A_run_has_one_process_at_a_time()
    {
        RunFolder run = Started();
        run.IsLocked.ShouldBeFalse();
        using (run.Lock())
        {
            run.IsLocked.ShouldBeTrue();
            Should.Throw<WorkbenchException>(() => new RunFolder(run.Path).Lock()).Message.ShouldContain(run.Path);
        }

        run.IsLocked.ShouldBeFalse();
        run.Lock().Dispose();
    }

    private RunFolder Started()
    {
        var run = new RunFolder(_folder.At("h1"), _time);
        run.Start(new RunManifest
        {
            Tool = "harvest",
            Verb = "run",
            Id = "h1",
            Config = WorkbenchJson.Element(new { Tokens = 5 }),
            Inputs = new Dictionary<string, string> { ["model"] = "abc" },
        });
        return run;
    }
}
