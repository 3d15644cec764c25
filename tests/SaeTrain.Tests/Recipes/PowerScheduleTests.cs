using Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Tests.Recipes;

public sealed class PowerScheduleTests
{
    [Fact]
    public void A_power_acts_from_the_step_after_its_change_and_the_first_change_only_makes_the_second_known()
    {
        var sut = new PowerSchedule(start: 10, steps: 30, changes: 3, first: 1, last: 0.5);

        sut.At(10).ShouldBe(new PowerSchedule.Powers(1, null));
        sut.At(11).ShouldBe(new PowerSchedule.Powers(1, 0.75f));
        sut.At(20).ShouldBe(new PowerSchedule.Powers(1, 0.75f));
        sut.At(21).ShouldBe(new PowerSchedule.Powers(0.75f, 0.5f));
        sut.At(31).ShouldBe(new PowerSchedule.Powers(0.5f, 0.5f));
        Enumerable.Range(0, 31).Where(step => sut.ChangesAt(step)).ShouldBe([10, 20, 30]);
        sut.KnownFor(20).ShouldBe(10);
    }

    [Fact]
    public void Changes_that_fall_on_one_step_count_once()
    {
        var sut = new PowerSchedule(start: 2, steps: 4, changes: 9, first: 1, last: 0.2);

        sut.At(3).ShouldBe(new PowerSchedule.Powers(1, 0.9f));
        sut.At(4).Power.ShouldBe(0.9f);
        sut.At(5).Power.ShouldBe(0.8f, 1e-6f);
    }

    [Fact]
    public void A_repeating_warm_up_begins_anew_each_period_and_decays_at_the_end()
    {
        var sut = new RepeatingWarmUp(2, WarmUpSteps: 4, Period: 10, DecaySteps: 5, TotalSteps: 40);

        new[] { 0, 1, 4, 9, 10, 12, 34, 35, 39 }.Select(step => sut.At(step)).ShouldBe([0, 0.5, 2, 2, 0, 1, 2, 2, 0.4], 1e-12);
    }
}
