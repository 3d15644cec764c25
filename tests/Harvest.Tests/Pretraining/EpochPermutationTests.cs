using Workbench.Harvest.Pretraining;

namespace Workbench.Harvest.Tests.Pretraining;

public class EpochPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Every_window_occurs_once_an_epoch(int count)
    {
        var permutation = new EpochPermutation(count, seed: 3, epoch: 2);

        Enumerable.Range(0, count).Select(i => permutation[i]).Order().ShouldBe(Enumerable.Range(0, count));
    }

    [Fact]
    public void Epochs_and_seeds_differ()
    {
        int[] Order(int seed, long epoch) => [.. Enumerable.Range(0, 100).Select(i => new EpochPermutation(100, seed, epoch)[i])];

        Order(0, 0).ShouldNotBe(Order(0, 1));
        Order(0, 0).ShouldNotBe(Order(1, 0));
        Order(0, 0).ShouldNotBe(Enumerable.Range(0, 100));
    }
}
