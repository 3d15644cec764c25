using Apache.Arrow;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Features;

/// <summary>
/// Writes <c>examples.arrow</c> and then <c>features.arrow</c>, whose presence makes the index valid: it is removed when a
/// writer starts and appears last. The sparse codes are written before, by <see cref="CodeTableWriter"/>.
/// </summary>
public sealed class FeatureIndexWriter : IDisposable
{
    private const int LatentsPerBatch = 64;

    private readonly string _folder;
    private readonly FeatureIndexInfo _info;
    private readonly FileOpener? _open;
    private readonly Schema _schema;
    private readonly ArrowOutput _examples;
    private readonly long[] _starts;
    private readonly int[] _counts;
    private ExampleBatch _batch = new();
    private Task _writing = Task.CompletedTask;
    private int _next;
    private long _rows;

    /// <summary>Starts an index; one that was there before is invalid from now on.</summary>
    /// <param name="folder">The index's folder.</param>
    /// <param name="info">What the index belongs to.</param>
    /// <param name="open">Opens files; by default plain file streams.</param>
    public FeatureIndexWriter(string folder, FeatureIndexInfo info, FileOpener? open = null)
    {
        _folder = folder;
        _info = info;
        _open = open;
        _starts = new long[info.Latents];
        _counts = new int[info.Latents];
        _schema = FeatureFiles.ExampleSchema(info, LatentsPerBatch);
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, FeatureFiles.Features));
        _examples = new ArrowOutput(Path.Combine(folder, FeatureFiles.Examples), AtomicFile.TemporarySuffix, _schema, open);
    }

    /// <summary>Adds the examples of the next latent; every latent is added, in order, also one without examples.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="examples">Its examples: the top ones by falling peak, then each interval's by rising interval.</param>
    public void AddExamples(int latent, IEnumerable<FeatureExample> examples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(latent, _next);
        _starts[latent] = _rows;
        foreach (FeatureExample example in examples)
        {
            _batch.Add(latent, example);
            _counts[latent]++;
            _rows++;
        }

        _next++;
        if (_next % LatentsPerBatch == 0 || _next == _info.Latents)
        {
            WriteBatch();
        }
    }

    /// <summary>Completes both files.</summary>
    /// <param name="columns">The columns of all latents.</param>
    /// <exception cref="InvalidOperationException">Some latent's examples were not added.</exception>
    public void Complete(FeatureColumns columns)
    {
        if (_next != _info.Latents)
        {
            throw new InvalidOperationException($"Examples of {_next} of {_info.Latents} latents were added.");
        }

        _writing.GetAwaiter().GetResult();
        _examples.Complete();
        Schema schema = FeatureFiles.FeatureSchema(_info);
        using var file = new ArrowOutput(Path.Combine(_folder, FeatureFiles.Features), AtomicFile.TemporarySuffix, schema, _open);
        file.Write(new RecordBatch(schema, Arrays(schema, columns), _info.Latents));
        file.Complete();
    }

    /// <summary>Throws incomplete files away.</summary>
    public void Dispose()
    {
        // A failed write was, or will be, reported by the call that waits for it.
        ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();
        _examples.Dispose();
    }

    /// <summary>Writes the batch while the next one is gathered.</summary>
    private void WriteBatch()
    {
        _writing.GetAwaiter().GetResult();
        ExampleBatch full = _batch;
        _batch = new ExampleBatch();
        _writing = Task.Run(() => WriteFailure.Guard(_folder, () => _examples.Write(full.Take(_schema))));
    }

    private IEnumerable<IArrowArray> Arrays(Schema schema, FeatureColumns columns)
    {
        int n = _info.Latents;
        long[] tokens = new long[n];
        System.Array.Fill(tokens, _info.Rows);
        yield return ArrowColumns.Int32(Enumerable.Range(0, n).ToArray());
        yield return ArrowColumns.Int64(columns.FireCount);
        yield return ArrowColumns.Int64(tokens);
        yield return ArrowColumns.Int64(columns.SequenceCount);
        yield return ArrowColumns.Float(columns.Max);
        yield return ArrowColumns.Double(columns.Sum);
        yield return ArrowColumns.Double(columns.SumSquares);
        yield return ArrowColumns.Float(columns.DecoderNorm);
        yield return ArrowColumns.Int32(columns.TopToken);
        yield return ArrowColumns.Int32(Enumerable.Range(0, n).Select(latent => (int)Flags(columns, latent)).ToArray());
        yield return ArrowColumns.Int64(_starts);
        yield return ArrowColumns.Int32(_counts);
        yield return ArrowColumns.Fixed(schema, "histogram", ArrowColumns.Int64(columns.Histogram));
        yield return ArrowColumns.Fixed(schema, "interval_sequences", ArrowColumns.Int64(columns.IntervalSequences));
        yield return ArrowColumns.Fixed(schema, "neighbour_latents", ArrowColumns.Int32(columns.NeighbourLatents));
        yield return ArrowColumns.Fixed(schema, "neighbour_cosines", ArrowColumns.Float(columns.NeighbourCosines));
        if (_info.Logits > 0)
        {
            yield return ArrowColumns.Fixed(schema, "top_logit_ids", ArrowColumns.Int32(columns.TopLogitIds));
            yield return ArrowColumns.Fixed(schema, "top_logit_values", ArrowColumns.Float(columns.TopLogitValues));
            yield return ArrowColumns.Fixed(schema, "bottom_logit_ids", ArrowColumns.Int32(columns.BottomLogitIds));
            yield return ArrowColumns.Fixed(schema, "bottom_logit_values", ArrowColumns.Float(columns.BottomLogitValues));
        }

        if (_info.DirectionHooks > 0)
        {
            yield return ArrowColumns.Fixed(schema, FeatureFiles.DirectionNorms, ArrowColumns.Float(columns.DirectionNorms));
        }

        if (_info.CountedHooks > 0)
        {
            yield return ArrowColumns.Fixed(schema, FeatureFiles.HookFireCount, ArrowColumns.Int64(columns.HookFireCount));
        }
    }

    private FeatureFlags Flags(FeatureColumns columns, int latent)
    {
        FeatureFlags flags = columns.FireCount[latent] == 0 ? FeatureFlags.Dead : FeatureFlags.None;
        if (columns.FireCount[latent] > _info.DenseAbove * _info.Rows)
        {
            flags |= FeatureFlags.Dense;
        }

        bool duplicate = _info.Neighbours > 0
            && columns.NeighbourLatents[latent * _info.Neighbours] >= 0
            && columns.NeighbourCosines[latent * _info.Neighbours] >= _info.DuplicateFrom;
        return duplicate ? flags | FeatureFlags.Duplicate : flags;
    }
}
