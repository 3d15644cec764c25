using Workbench.Explorer.Jobs;
using Workbench.Workspaces;

namespace Workbench.Explorer.Tests;

public sealed class JobQueueTests : ExplorerContext
{
    private static readonly EvaluateSpec s_first = new("d1");
    private static readonly EvaluateSpec s_second = new("d2");

    [Fact]
    public void One_job_runs_at_a_time_in_the_order_of_submission()
    {
        string first = Queue.Enqueue(s_first);
        Queue.Enqueue(s_second);
        Queue.Step();
        Queue.Step();
        Runner.Submitted.Select(job => job.Spec).ShouldBe([s_first]);
        Runner.Outcomes[first] = new JobOutcome(false, 0, null);
        Queue.Step();
        Runner.Submitted.Select(job => job.Spec).ShouldBe([s_first, s_second]);
        State(first).ShouldBe(JobState.Complete);
    }

    [Theory]
    [InlineData(1, JobState.Failed)]
    [InlineData(130, JobState.Cancelled)]
    [InlineData(null, JobState.Interrupted)]
    public void The_exit_code_tells_how_a_job_ended(int? code, JobState expected)
    {
        string id = Queue.Enqueue(s_first);
        Queue.Step();
        Runner.Outcomes[id] = new JobOutcome(false, code, "the sentence");
        Queue.Step();
        State(id).ShouldBe(expected);
        Queue.Jobs().Single().Error.ShouldBe(expected == JobState.Failed ? "the sentence" : null);
    }

    [Fact]
    public void A_job_that_was_interrupted_runs_again_when_resumed()
    {
        string id = Queue.Enqueue(s_first);
        Queue.Step();
        Runner.Outcomes[id] = new JobOutcome(false, null, null);
        Queue.Step();
        Queue.Resume(id);
        Runner.Outcomes.Clear();
        Queue.Step();
        Runner.Submitted.Count.ShouldBe(2);
        State(id).ShouldBe(JobState.Running);
    }

    [Fact]
    public void Cancelling_takes_a_waiting_job_out_and_interrupts_a_running_one()
    {
        string running = Queue.Enqueue(s_first);
        string waiting = Queue.Enqueue(s_second);
        Queue.Step();
        Queue.Cancel(waiting);
        Queue.Cancel(running);
        State(waiting).ShouldBe(JobState.Cancelled);
        Runner.Cancelled.ShouldBe([running]);
    }

    [Fact]
    public void The_demo_queues_its_four_steps_once()
    {
        DemoPlan.Enqueue(Queue, Workspace);
        DemoPlan.Enqueue(Queue, Workspace);
        Queue.Jobs().Reverse().Select(job => job.Spec).ShouldBe(DemoPlan.Steps);
    }

    [Fact]
    public void A_workspace_with_runs_of_its_own_gets_no_demo()
    {
        WriteSpace();
        DemoPlan.Enqueue(Queue, Workspace);
        Queue.Jobs().ShouldBeEmpty();
    }

    [Fact]
    public void A_step_that_failed_holds_back_the_steps_behind_it_and_resuming_it_brings_them_along()
    {
        DemoPlan.Enqueue(Queue, Workspace);
        Queue.Step();
        string failed = Runner.Submitted.Single().Id;
        Runner.Outcomes[failed] = new JobOutcome(false, 1, "no");
        Queue.Step();
        Runner.Submitted.Count.ShouldBe(1);
        Queue.Resume(failed);
        Queue.Jobs().ShouldAllBe(job => job.State == JobState.Queued);
    }

    [Fact]
    public void A_name_that_would_leave_the_workspace_is_refused()
    {
        Should.Throw<UsageException>(() => Queue.Enqueue(new EvaluateSpec("../outside")));
        Queue.Jobs().ShouldBeEmpty();
    }

    private JobState State(string id)
    {
        return Queue.Jobs().Single(job => job.Id == id).State;
    }
}
