using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows of one hook, and the same tokens' rows of another that are to be reconstructed from them.</summary>
internal sealed class PairedHookData : ITrainingData
{
    private readonly Harvest _harvest;
    private readonly string _output;
    private readonly long _seed;
    private readonly ActivationStore _inputs;
    private readonly ActivationStore _outputs;
    private readonly ShuffledBatches _batches;
    private readonly Tensor _inputRows;
    private readonly Tensor _outputRows;

    public PairedHookData(Harvest harvest, string input, string output, int batch, long seed)
    {
        (_harvest, _output, _seed) = (harvest, output, seed);
        (_inputs, _outputs) = (harvest.Store(input), harvest.Store(output));
        _batches = new ShuffledBatches(_inputs, batch, seed);
        _inputRows = empty(batch, _inputs.Width).DetachFromDisposeScope();
        _outputRows = empty(batch, _outputs.Width).DetachFromDisposeScope();
    }

    public int InputWidth => _inputs.Width;

    public int OutputWidth => _outputs.Width;

    public long Rows => _inputs.Rows;

    public long Epoch => _batches.Epoch;

    public long Cursor => _batches.Cursor;

    public Tensor Mean()
    {
        return tensor(_harvest.Statistics(_output).Mean.Select(value => (float)value).ToArray());
    }

    public void MoveTo(long epoch, long cursor)
    {
        _batches.MoveTo(epoch, cursor);
    }

    public TrainingBatch Next()
    {
        return Read(_batches, _inputRows, _outputRows);
    }

    public TrainingBatch Sample(int rows)
    {
        int count = (int)Math.Min(rows, _inputs.Rows);
        return Read(new ShuffledBatches(_inputs, count, _seed), empty(count, _inputs.Width), empty(count, _outputs.Width));
    }

    public void Dispose()
    {
        _inputRows.Dispose();
        _outputRows.Dispose();
    }

    private TrainingBatch Read(ShuffledBatches batches, Tensor inputs, Tensor outputs)
    {
        ReadOnlySpan<long> rows = batches.NextRows();
        _inputs.Gather(rows, inputs);
        _outputs.Gather(rows, outputs);
        return new TrainingBatch(inputs, outputs);
    }
}
