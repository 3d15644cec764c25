using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows of one hook, to be reconstructed from themselves.</summary>
internal sealed class SingleHookData : ITrainingData
{
    private readonly Harvest _harvest;
    private readonly string _hook;
    private readonly long _seed;
    private readonly ActivationStore _store;
    private readonly ShuffledBatches _batches;
    private readonly Tensor _rows;

    public SingleHookData(Harvest harvest, string hook, int batch, long seed)
    {
        (_harvest, _hook, _seed) = (harvest, hook, seed);
        _store = harvest.Store(hook);
        _batches = new ShuffledBatches(_store, batch, seed);
        _rows = empty(batch, _store.Width).DetachFromDisposeScope();
    }

    public int InputWidth => _store.Width;

    public int OutputWidth => _store.Width;

    public long Rows => _store.Rows;

    public long Epoch => _batches.Epoch;

    public long Cursor => _batches.Cursor;

    public Tensor Mean()
    {
        return tensor(_harvest.Statistics(_hook).Mean.Select(value => (float)value).ToArray());
    }

    public void MoveTo(long epoch, long cursor)
    {
        _batches.MoveTo(epoch, cursor);
    }

    public TrainingBatch Next()
    {
        _batches.Next(_rows);
        return new TrainingBatch(_rows);
    }

    public TrainingBatch Sample(int rows)
    {
        Tensor sample = empty(Math.Min(rows, _store.Rows), _store.Width);
        new ShuffledBatches(_store, (int)sample.shape[0], _seed).Next(sample);
        return new TrainingBatch(sample);
    }

    public void Dispose()
    {
        _rows.Dispose();
    }
}
