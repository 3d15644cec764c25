using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows of a harvest's hooks in the shuffled order of its tokens.</summary>
/// <param name="tokens">A store whose rows are the tokens: that of any of the hooks.</param>
/// <param name="batchTokens">Tokens a batch.</param>
/// <param name="seed">Seed of the order.</param>
internal abstract class HookData(ActivationStore tokens, int batchTokens, long seed) : ITrainingData
{
    private readonly ShuffledBatches _series = new(tokens, batchTokens, seed);
    private TrainingBatch? _batch;

    public abstract int InputWidth { get; }

    public abstract int OutputWidth { get; }

    public long Rows => tokens.Rows * RowsPerToken;

    public long Epoch => _series.Epoch;

    public long Cursor => _series.Cursor * RowsPerToken;

    /// <summary>Rows of a batch that one token gives.</summary>
    protected virtual int RowsPerToken => 1;

    public abstract Tensor Mean();

    public void MoveTo(long epoch, long cursor)
    {
        _series.MoveTo(epoch, cursor / RowsPerToken);
    }

    public TrainingBatch Next()
    {
        _batch ??= Detached(Empty(batchTokens));
        Fill(_series.NextRows(), _batch.Value);
        return _batch.Value;
    }

    public TrainingBatch Sample(int rows)
    {
        int count = (int)Math.Max(1, Math.Min(rows / RowsPerToken, tokens.Rows));
        TrainingBatch sample = Empty(count);
        Fill(new ShuffledBatches(tokens, count, seed).NextRows(), sample);
        return sample;
    }

    public virtual void Dispose()
    {
        _batch?.Input.Dispose();
        _batch?.Target.Dispose();
    }

    /// <summary>Room for the rows of some tokens.</summary>
    protected abstract TrainingBatch Empty(int tokens);

    /// <summary>Gathers tokens into a batch of their number.</summary>
    /// <param name="tokens">Rows of the stores.</param>
    /// <param name="batch">Where they go.</param>
    protected abstract void Fill(ReadOnlySpan<long> tokens, TrainingBatch batch);

    private static TrainingBatch Detached(TrainingBatch batch)
    {
        _ = batch.Input.DetachFromDisposeScope();
        _ = batch.Target.DetachFromDisposeScope();
        return batch;
    }
}
