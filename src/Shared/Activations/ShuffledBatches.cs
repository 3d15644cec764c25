using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations;

/// <summary>
/// An endless series of batches in which every row occurs once an epoch, in an order that depends on the seed and the epoch
/// alone. A batch may span two epochs, so all batches are full. (<see cref="Epoch"/>, <see cref="Cursor"/>) is the whole state.
/// </summary>
public sealed class ShuffledBatches
{
    private const int RowsPerTask = 512;

    private readonly ActivationStore _store;
    private readonly long _seed;
    private readonly long[] _rows;
    private RowPermutation _order;

    /// <summary>A series that begins at epoch 0.</summary>
    /// <param name="store">The rows.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="seed">The seed of the order.</param>
    public ShuffledBatches(ActivationStore store, int batchSize, long seed)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _store = store;
        _seed = seed;
        _rows = new long[batchSize];
        MoveTo(0, 0);
    }

    /// <summary>The epoch of the next row.</summary>
    public long Epoch { get; private set; }

    /// <summary>The place of the next row within its epoch, from 0 to the number of rows less one.</summary>
    public long Cursor { get; private set; }

    /// <summary>Rows a batch.</summary>
    public int BatchSize => _rows.Length;

    /// <summary>Goes to a place in the series.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="cursor">The place within it.</param>
    public void MoveTo(long epoch, long cursor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cursor, _store.Rows);
        Epoch = epoch;
        Cursor = cursor;
        _order = new RowPermutation(_store.Rows, _seed, epoch);
    }

    /// <summary>Reads the next batch.</summary>
    /// <param name="destination">A contiguous float32 CPU tensor [batchSize, width]; it is overwritten.</param>
    /// <returns>The rows of the batch, valid until the next call.</returns>
    public ReadOnlySpan<long> Next(Tensor destination)
    {
        ReadOnlySpan<long> rows = NextRows();
        _store.Gather(rows, destination);
        return rows;
    }

    /// <summary>Takes the next batch's rows without reading them, for several stores of one harvest side by side.</summary>
    /// <returns>The rows of the batch, valid until the next call.</returns>
    public ReadOnlySpan<long> NextRows()
    {
        for (int taken = 0; taken < _rows.Length;)
        {
            int count = (int)Math.Min(_rows.Length - taken, _store.Rows - Cursor);
            Take(taken, count);
            taken += count;
            if (Cursor + count == _store.Rows)
            {
                MoveTo(Epoch + 1, 0);
            }
            else
            {
                Cursor += count;
            }
        }

        return _rows;
    }

    /// <summary>Rows of the current epoch from the cursor on. A place in the permutation costs about a tenth of gathering its row.</summary>
    private void Take(int first, int count)
    {
        (RowPermutation order, long cursor) = (_order, Cursor);
        int tasks = (count + RowsPerTask - 1) / RowsPerTask;
        WakefulThreads.For(tasks, task =>
        {
            for (int i = task * RowsPerTask; i < Math.Min(count, (task + 1) * RowsPerTask); i++)
            {
                _rows[first + i] = order[cursor + i];
            }
        });
    }
}
