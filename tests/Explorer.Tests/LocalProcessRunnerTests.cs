using Workbench.Explorer.Jobs;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Explorer.Tests;

public sealed class LocalProcessRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_that_fails_leaves_its_exit_code_and_its_last_line_to_any_later_runner()
    {
        var workspace = new Workspace(_folder.Path);
        var runner = new LocalProcessRunner(workspace, new ToolPaths(null));
        JobHandle handle = runner.Submit("job-1", new EvaluateSpec("absent"));
        JobOutcome outcome = runner.Poll("job-1", handle);
        while (outcome.Running)
        {
            await Task.Delay(100);
            outcome = runner.Poll("job-1", handle);
        }

        JobOutcome later = new LocalProcessRunner(workspace, new ToolPaths(null)).Poll("job-1", handle);
        later.ShouldBe(outcome);
        later.ExitCode.ShouldNotBe(0);
        later.Error.ShouldNotBeNull().ShouldContain("absent");
    }

    [Fact]
    public void A_process_of_the_same_id_that_started_at_another_time_is_not_taken_for_the_job()
    {
        var runner = new LocalProcessRunner(new Workspace(_folder.Path), new ToolPaths(null));
        string mine = ProcessIdentity.StartOf(Environment.ProcessId).ShouldNotBeNull();
        runner.Poll("job-1", new JobHandle(Environment.ProcessId, mine)).Running.ShouldBeTrue();
        runner.Poll("job-1", new JobHandle(Environment.ProcessId, mine + "0")).Running.ShouldBeFalse();
    }

    [Fact]
    public void Programs_that_were_not_built_are_named()
    {
        Should.Throw<WorkbenchException>(() => new ToolPaths(_folder.Path).Find("harvest")).Message.ShouldContain("harvest.dll");
    }
}
