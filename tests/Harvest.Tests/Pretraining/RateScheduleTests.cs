using Workbench.Harvest.Pretraining;

namespace Workbench.Harvest.Tests.Pretraining;

public class RateScheduleTests
{
    private static PretrainState State(long step, double seconds, int? steps = null)
    {
        return new PretrainState
        {
            Step = step,
            Seconds = seconds,
            Options = new PretrainOptions { Steps = steps, Minutes = 10, WarmupSteps = 10, DecayShare = 0.4 },
            Precision = "float32",
            Threads = 1,
        };
    }

    [Fact]
    public void The_rate_rises_linearly_and_then_stays()
    {
        RateSchedule.Factor(State(0, 0)).ShouldBe(0.1, 1e-12);
        RateSchedule.Factor(State(4, 0)).ShouldBe(0.5, 1e-12);
        RateSchedule.Factor(State(50, 0)).ShouldBe(1);
    }

    [Fact]
    public void The_decay_begins_when_its_share_of_the_time_is_left()
    {
        RateSchedule.Decide(State(300, 359)).LastStep.ShouldBeNull();

        PretrainState decided = RateSchedule.Decide(State(300, 360));
        decided.DecayStart.ShouldBe(300);
        decided.LastStep.ShouldBe(500);
        RateSchedule.Factor(decided with { Step = 400 }).ShouldBe(0.5, 1e-12);
        RateSchedule.Factor(decided with { Step = 499 }).ShouldBe(1 / 200.0, 1e-12);
    }

    [Fact]
    public void A_decision_once_taken_stands()
    {
        PretrainState decided = RateSchedule.Decide(State(300, 360));

        RateSchedule.Decide(decided with { Step = 310, Seconds = 900 }).LastStep.ShouldBe(500);
    }

    [Fact]
    public void Given_steps_decide_whatever_the_clock_says()
    {
        PretrainState decided = RateSchedule.Decide(State(0, 0, steps: 100));

        decided.LastStep.ShouldBe(100);
        decided.DecayStart.ShouldBe(60);
    }
}
