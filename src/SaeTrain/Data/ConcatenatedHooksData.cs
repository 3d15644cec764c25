using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows that hold the same token's activations of several hooks side by side, to be reconstructed from themselves.</summary>
internal sealed class ConcatenatedHooksData : ITrainingData
{
    private readonly Harvest _harvest;
    private readonly IReadOnlyList<string> _hooks;
    private readonly long _seed;
    private readonly ActivationStore[] _stores;
    private readonly ShuffledBatches _batches;
    private readonly Tensor[] _parts;
    private readonly Tensor _rows;

    public ConcatenatedHooksData(Harvest harvest, IReadOnlyList<string> hooks, int batch, long seed)
    {
        (_harvest, _hooks, _seed) = (harvest, hooks, seed);
        _stores = [.. hooks.Select(harvest.Store)];
        InputWidth = _stores.Sum(store => store.Width);
        _batches = new ShuffledBatches(_stores[0], batch, seed);
        _parts = [.. _stores.Select(store => empty(batch, store.Width).DetachFromDisposeScope())];
        _rows = empty(batch, InputWidth).DetachFromDisposeScope();
    }

    public int InputWidth { get; }

    public int OutputWidth => InputWidth;

    public long Rows => _stores[0].Rows;

    public long Epoch => _batches.Epoch;

    public long Cursor => _batches.Cursor;

    public Tensor Mean()
    {
        return tensor(_hooks.SelectMany(hook => _harvest.Statistics(hook).Mean).Select(value => (float)value).ToArray());
    }

    public void MoveTo(long epoch, long cursor)
    {
        _batches.MoveTo(epoch, cursor);
    }

    public TrainingBatch Next()
    {
        Fill(_batches, _parts, _rows);
        return new TrainingBatch(_rows);
    }

    public TrainingBatch Sample(int rows)
    {
        using var scope = NewDisposeScope();
        int count = (int)Math.Min(rows, Rows);
        Tensor sample = empty(count, InputWidth);
        Fill(new ShuffledBatches(_stores[0], count, _seed), [.. _stores.Select(store => empty(count, store.Width))], sample);
        return new TrainingBatch(sample.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _rows.Dispose();
        Array.ForEach(_parts, part => part.Dispose());
    }

    /// <summary>Gathers the next rows of a series from every hook.</summary>
    private void Fill(ShuffledBatches series, Tensor[] parts, Tensor destination)
    {
        ReadOnlySpan<long> rows = series.NextRows();
        long first = 0;
        for (int hook = 0; hook < parts.Length; hook++)
        {
            _stores[hook].Gather(rows, parts[hook]);
            using Tensor place = destination.narrow(1, first, _stores[hook].Width);
            place.copy_(parts[hook]);
            first += _stores[hook].Width;
        }
    }
}
