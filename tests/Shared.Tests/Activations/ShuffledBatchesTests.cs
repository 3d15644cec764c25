using TorchSharp;
using Workbench.Activations;
using Workbench.Testing;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

public sealed class ShuffledBatchesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(4097)]
    public void A_permutation_names_each_row_once(long count)
    {
        var order = new RowPermutation(count, seed: 5, epoch: 2);
        Enumerable.Range(0, (int)count).Select(i => order[i]).Order().ShouldBe(Enumerable.Range(0, (int)count).Select(i => (long)i));
    }

    [Fact]
    public void Neighbours_of_a_permutation_are_not_neighbours_in_the_rows()
    {
        const int Count = 10_000;
        var order = new RowPermutation(Count, seed: 5, epoch: 0);
        long[] rows = [.. Enumerable.Range(0, Count).Select(i => order[i])];
        double step = rows.Zip(rows.Skip(1), (a, b) => Math.Abs(a - b)).Average();

        // Two independent uniform rows lie a third of the range apart.
        step.ShouldBe(Count / 3.0, Count / 50.0);
        double product = rows.Select((row, i) => ((double)row - (Count / 2)) * (i - (Count / 2))).Average();
        Math.Abs(product / (Count * (double)Count / 12)).ShouldBeLessThan(0.05);
    }

    [Fact]
    public void Every_row_occurs_once_an_epoch_in_another_order()
    {
        using ActivationStore store = Store(rows: 90);
        var batches = new ShuffledBatches(store, batchSize: 32, seed: 1);
        long[] rows = [.. Enumerable.Range(0, 45).SelectMany(_ => batches.NextRows().ToArray())];
        long[][] epochs = [.. rows.Chunk(90)];
        epochs.ShouldAllBe(epoch => epoch.Order().SequenceEqual(Enumerable.Range(0, 90).Select(i => (long)i)));
        epochs[0].ShouldNotBe(epochs[1]);
        (batches.Epoch, batches.Cursor).ShouldBe((16, 0));
    }

    [Fact]
    public void A_series_goes_on_exactly_from_its_state()
    {
        using ActivationStore store = Store(rows: 90);
        using Tensor expected = torch.empty(32, store.Width);
        using Tensor found = torch.empty(32, store.Width);
        var whole = new ShuffledBatches(store, 32, seed: 9);
        for (int i = 0; i < 4; i++)
        {
            whole.Next(expected);
        }

        var resumed = new ShuffledBatches(store, 32, seed: 9);
        resumed.MoveTo(whole.Epoch, whole.Cursor);
        resumed.Next(found).ToArray().ShouldBe(whole.Next(expected).ToArray());
        TensorAssert.CloseTo(expected, found, 0, "rows");
        new ShuffledBatches(store, 32, seed: 10).NextRows().ToArray().ShouldNotBe(new ShuffledBatches(store, 32, seed: 9).NextRows().ToArray());
    }

    private ActivationStore Store(int rows)
    {
        var sample = new ShardSample(rows, width: 6);
        return sample.Open(_folder.Path, sample.Write(_folder.Path, StorageType.Float32, new ShardLayout(40, 16)));
    }
}
