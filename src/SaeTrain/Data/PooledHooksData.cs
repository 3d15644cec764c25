using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>
/// Rows of several hooks of one width, to be reconstructed from themselves. Each batch holds the same tokens at every hook: first
/// their rows of the first hook, then those of the second, and so on.
/// </summary>
internal sealed class PooledHooksData : ITrainingData
{
    private readonly Harvest _harvest;
    private readonly IReadOnlyList<string> _hooks;
    private readonly long _seed;
    private readonly ActivationStore[] _stores;
    private readonly ShuffledBatches _batches;
    private readonly Tensor _rows;

    /// <param name="harvest">The harvest.</param>
    /// <param name="hooks">Its hooks.</param>
    /// <param name="batch">Rows a batch, of all hooks together.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="UsageException">The batch cannot be shared out evenly.</exception>
    public PooledHooksData(Harvest harvest, IReadOnlyList<string> hooks, int batch, long seed)
    {
        if (batch % hooks.Count != 0)
        {
            throw new UsageException($"--batch is {batch}, where a multiple of the {hooks.Count} hooks was expected: each batch holds the same tokens at every hook.");
        }

        (_harvest, _hooks, _seed) = (harvest, hooks, seed);
        _stores = [.. hooks.Select(harvest.Store)];
        _batches = new ShuffledBatches(_stores[0], batch / hooks.Count, seed);
        _rows = empty(batch, InputWidth).DetachFromDisposeScope();
    }

    public int InputWidth => _stores[0].Width;

    public int OutputWidth => InputWidth;

    public long Rows => _stores[0].Rows * _stores.Length;

    public long Epoch => _batches.Epoch;

    public long Cursor => _batches.Cursor * _stores.Length;

    public Tensor Mean()
    {
        using var scope = NewDisposeScope();
        Tensor[] means = [.. _hooks.Select(hook => tensor(_harvest.Statistics(hook).Mean.ToArray()))];
        return stack(means).mean([0]).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void MoveTo(long epoch, long cursor)
    {
        _batches.MoveTo(epoch, cursor / _stores.Length);
    }

    public TrainingBatch Next()
    {
        Fill(_batches, _rows);
        return new TrainingBatch(_rows);
    }

    public TrainingBatch Sample(int rows)
    {
        int tokens = (int)Math.Max(1, Math.Min(rows / _stores.Length, _stores[0].Rows));
        Tensor sample = empty(tokens * _stores.Length, InputWidth);
        Fill(new ShuffledBatches(_stores[0], tokens, _seed), sample);
        return new TrainingBatch(sample);
    }

    public void Dispose()
    {
        _rows.Dispose();
    }

    /// <summary>Gathers the next tokens of a series from every hook.</summary>
    private void Fill(ShuffledBatches series, Tensor destination)
    {
        ReadOnlySpan<long> rows = series.NextRows();
        long first = 0;
        foreach (ActivationStore store in _stores)
        {
            using Tensor place = destination.narrow(0, first, rows.Length);
            store.Gather(rows, place);
            first += rows.Length;
        }
    }
}
