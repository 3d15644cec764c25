using TorchSharp;
using Workbench.Activations;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Benchmarking;

/// <summary>
/// Holds the shuffled batches that training reads from shards against gathers of the same rows, in the same order, from matrices in
/// memory: one of float32, and one of the stored number type whose rows are converted.
/// </summary>
internal sealed class ReadBenchmark : IDisposable
{
    private readonly string _hook;
    private readonly string[] _shards;
    private readonly ActivationStore _store;
    private readonly ShuffledBatches _batches;
    private readonly Tensor _batch;
    private readonly Tensor _single;
    private readonly Tensor _stored;
    private readonly Tensor[] _rows;
    private readonly long _seed;

    /// <exception cref="WorkbenchException">The harvest lacks the hook, has fewer rows than a batch, or does not fit into memory.</exception>
    public ReadBenchmark(Activations.Harvest harvest, string hook, int batchSize, long seed)
    {
        (_hook, _seed) = (hook, seed);
        _shards = [.. harvest.Info.ShardsOf(hook).Select(shard => Path.Combine(harvest.Folder, shard.File))];
        _store = ActivationStore.Open(_shards);
        Check(batchSize);
        _batches = new ShuffledBatches(_store, batchSize, seed);
        _batch = empty(batchSize, _store.Width).DetachFromDisposeScope();
        _single = empty(_store.Rows, _store.Width).DetachFromDisposeScope();
        _store.Read(0, _single);
        _stored = _single.to(_store.StoredType).DetachFromDisposeScope();
        _rows = [.. Enumerable.Range(0, (int)(_store.Rows / batchSize)).Select(_ => tensor(_batches.NextRows().ToArray()).DetachFromDisposeScope())];
    }

    /// <summary>An epoch of shards that were opened just now.</summary>
    public void FirstEpoch()
    {
        using ActivationStore store = ActivationStore.Open(_shards);
        Read(new ShuffledBatches(store, _batches.BatchSize, _seed));
    }

    /// <summary>An epoch of shards that were read before.</summary>
    public void LaterEpoch()
    {
        _batches.MoveTo(0, 0);
        Read(_batches);
    }

    /// <summary>The same rows from float32 in memory.</summary>
    public void GatherSingle()
    {
        foreach (Tensor rows in _rows)
        {
            using Tensor gathered = _single.index_select(0, rows);
        }
    }

    /// <summary>The same rows from the stored number type in memory, as float32.</summary>
    public void GatherStored()
    {
        foreach (Tensor rows in _rows)
        {
            using Tensor gathered = _stored.index_select(0, rows);
            _ = _batch.copy_(gathered);
        }
    }

    public ReadBenchmarkResult Measure(int repeats, CancellationToken cancellation)
    {
        double[] seconds = Timings.InTurn(repeats, cancellation, FirstEpoch, LaterEpoch, GatherSingle, GatherStored);
        (double first, double later, double single, double stored) = (seconds[0], seconds[1], seconds[2], seconds[3]);
        double faster = Math.Min(single, stored);
        double millions = (double)_rows.Length * _batches.BatchSize / 1e6;
        return new ReadBenchmarkResult(
            faster / later,
            faster / first,
            single / later,
            stored / later,
            $"{_store.StoredType}".ToLowerInvariant(),
            _hook,
            (long)_rows.Length * _batches.BatchSize,
            _store.Width,
            _batches.BatchSize,
            millions / later,
            millions / first,
            millions / single,
            millions / stored,
            get_num_threads(),
            repeats);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _single.Dispose();
        _stored.Dispose();
        Array.ForEach(_rows, rows => rows.Dispose());
        _store.Dispose();
    }

    private void Check(int batchSize)
    {
        if (_store.Rows < batchSize)
        {
            throw new WorkbenchException($"--batch is {batchSize:N0}, where the harvest has {_store.Rows:N0} rows; lower it.");
        }

        long needed = 2L * _store.Rows * _store.Width * sizeof(float);
        long there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
        {
            throw new WorkbenchException(
                $"The harvest takes {needed / 1e9:N1} GB in memory as float32 and as it is stored, where {there / 1e9:N1} GB are there; take a smaller harvest.");
        }
    }

    private void Read(ShuffledBatches batches)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            _ = batches.Next(_batch);
        }
    }
}
