using Workbench.Numerics;

namespace Workbench.Shared.Tests.Numerics;

public sealed class WakefulThreadsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Every_part_is_done_once_in_each_of_many_rounds(int parts)
    {
        int[] done = new int[parts];
        for (int round = 0; round < 500; round++)
        {
            WakefulThreads.For(parts, part => Interlocked.Increment(ref done[part]));
        }

        done.ShouldAllBe(times => times == 500);
    }

    [Fact]
    public void Threads_that_went_to_sleep_wake_for_the_next_round()
    {
        int done = 0;
        for (int round = 0; round < 3; round++)
        {
            WakefulThreads.For(64, _ => Interlocked.Increment(ref done));
            Thread.Sleep(20);
        }

        done.ShouldBe(3 * 64);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(15)]
    public void A_failure_reaches_the_caller_as_it_was_thrown(int failing)
    {
        Should.Throw<InvalidOperationException>(() => WakefulThreads.For(16, part =>
        {
            if (part == failing)
            {
                throw new InvalidOperationException("no");
            }
        })).Message.ShouldBe("no");
    }

    [Fact]
    public void Callers_at_the_same_time_all_finish()
    {
        int done = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int round = 0; round < 200; round++)
            {
                WakefulThreads.For(4, _ => Interlocked.Increment(ref done));
            }
        });
        done.ShouldBe(8 * 200 * 4);
    }
}
