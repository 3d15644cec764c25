using Workbench.Activations;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Data;

public sealed class MultiHookDataTests : IDisposable
{
    private const int Batch = 96;
    private static readonly string[] s_hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post", "blocks.2.hook_resid_post"];

    private readonly TemporaryFolder _folder = new();
    private readonly Harvest _harvest;

    public MultiHookDataTests()
    {
        _harvest = Harvest.Open(new SyntheticHarvest { Hooks = s_hooks, Rows = 400 }.Write(_folder.Path));
    }

    [Fact]
    public void Concatenated_rows_are_one_token_s_rows_of_every_hook()
    {
        using var scope = NewDisposeScope();
        using var sut = new ConcatenatedHooksData(_harvest, s_hooks, Batch, seed: 4);
        var order = new ShuffledBatches(_harvest.Store(s_hooks[0]), Batch, seed: 4);

        for (int step = 0; step < 6; step++)
        {
            TrainingBatch batch = sut.Next();

            ReferenceEquals(batch.Input, batch.Target).ShouldBeTrue();
            Tensor expected = cat([.. Rows(order.NextRows())], 1);
            batch.Input.Equals(expected).ShouldBeTrue();
        }

        sut.InputWidth.ShouldBe(3 * _harvest.Store(s_hooks[0]).Width);
        sut.Rows.ShouldBe(400);
    }

    [Fact]
    public void Pooled_rows_are_the_hooks_rows_of_the_same_tokens_hook_by_hook()
    {
        using var scope = NewDisposeScope();
        using var sut = new PooledHooksData(_harvest, s_hooks, Batch, seed: 4);
        var order = new ShuffledBatches(_harvest.Store(s_hooks[0]), Batch / 3, seed: 4);

        for (int step = 0; step < 20; step++)
        {
            sut.Next().Input.Equals(cat([.. Rows(order.NextRows())], 0)).ShouldBeTrue();
        }

        sut.Rows.ShouldBe(1200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_of_several_hooks_goes_on_from_any_step(bool pooled)
    {
        using var scope = NewDisposeScope();
        using ITrainingData whole = Open(pooled);
        using ITrainingData resumed = Open(pooled);
        for (long step = 0; step < 9; step++)
        {
            whole.Next();
        }

        whole.Epoch.ShouldBe(9 * Batch / whole.Rows);
        whole.Cursor.ShouldBe(9 * Batch % whole.Rows);
        resumed.MoveTo(whole.Epoch, whole.Cursor);

        resumed.Next().Input.Equals(whole.Next().Input).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_mean_is_that_of_all_rows(bool pooled)
    {
        using var scope = NewDisposeScope();
        using ITrainingData sut = Open(pooled);
        Tensor all = sut.Sample((int)sut.Rows).Input;

        all.shape[0].ShouldBe(sut.Rows);
        TensorAssert.CloseToScale(all.mean([0]), sut.Mean(), 1e-5, "mean");
    }

    [Fact]
    public void A_batch_that_cannot_be_shared_out_over_the_hooks_is_refused()
    {
        Should.Throw<UsageException>(() => new PooledHooksData(_harvest, s_hooks, 100, seed: 0)).Message.ShouldContain("multiple of the 3 hooks");
    }

    public void Dispose()
    {
        _harvest.Dispose();
        _folder.Dispose();
    }

    private ITrainingData Open(bool pooled)
    {
        return pooled ? new PooledHooksData(_harvest, s_hooks, Batch, seed: 7) : new ConcatenatedHooksData(_harvest, s_hooks, Batch, seed: 7);
    }

    private List<Tensor> Rows(ReadOnlySpan<long> rows)
    {
        var parts = new List<Tensor>();
        foreach (string hook in s_hooks)
        {
            ActivationStore store = _harvest.Store(hook);
            Tensor part = empty(rows.Length, store.Width);
            store.Gather(rows, part);
            parts.Add(part);
        }

        return parts;
    }
}
