using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations;

/// <summary>
/// The rows of one hook, read from memory-mapped shards without copying them first. Rows are numbered from 0 in the order of
/// text. Reading is thread-safe.
/// </summary>
public sealed unsafe class ActivationStore : IDisposable
{
    private const int FloatsPerTask = 1 << 16;
    private const int CacheLine = 64;

    // Rows in random order are foreseen by no processor: it is told as many rows before as memory takes to answer.
    private const int RowsAhead = 4;

    private readonly MappedArrow[] _files;
    private readonly ActivationSegment[] _segments;
    private readonly long[] _firstRows;
    private bool _disposed;

    private ActivationStore(MappedArrow[] files, ActivationSegment[] segments, int width)
    {
        _files = files;
        _segments = segments;
        _firstRows = [.. segments.Select(segment => segment.FirstRow)];
        Width = width;
        Rows = segments[^1].FirstRow + segments[^1].Rows;
        StorageType[] types = [.. segments.Select(segment => segment.Type).Distinct()];
        StoredType = types.Length == 1 ? types[0].ToScalarType() : torch.ScalarType.BFloat16;
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>Values a row.</summary>
    public int Width { get; }

    /// <summary>The stored number type; bfloat16 where some shards are float16 and some bfloat16.</summary>
    public torch.ScalarType StoredType { get; }

    /// <summary>Opens shards as one series of rows.</summary>
    /// <param name="paths">The shards, in the order of rows.</param>
    /// <exception cref="WorkbenchException">A shard is absent, damaged, or of another width than the first.</exception>
    public static ActivationStore Open(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = new List<MappedArrow>();
        try
        {
            var segments = new List<ActivationSegment>();
            int width = 0;
            long row = 0;
            foreach (string path in paths)
            {
                MappedArrow file = MappedArrow.Open(path, ShardHeader.Format);
                files.Add(file);
                StorageType type = StoredAs(file);
                foreach (Apache.Arrow.RecordBatch batch in file.Batches.Where(batch => batch.Length > 0))
                {
                    width = width == 0 ? WidthOf(file, batch) : width;
                    segments.Add(ActivationSegment.Of(file, batch, row, width, type));
                    row += batch.Length;
                }
            }

            return segments.Count > 0
                ? new ActivationStore([.. files], [.. segments], width)
                : throw new WorkbenchException($"{string.Join(", ", paths.Take(1))} and what follows it hold no row in {paths.Count} shards; harvest again.");
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Reads consecutive rows as float32.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="destination">A contiguous float32 CPU tensor [count, width]; it is overwritten.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, type or layout, or the rows are not all there.</exception>
    public void Read(long firstRow, Tensor destination)
    {
        int count = Check(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + count, Rows, nameof(firstRow));
        float* target = TensorMemory.Pointer<float>(destination);
        InParallel(count, (from, to) =>
        {
            for (int done = from; done < to;)
            {
                ref readonly ActivationSegment segment = ref Segment(firstRow + done, out int row);
                int run = Math.Min(to - done, segment.Rows - row);
                Load(segment, row, run, target + ((long)done * Width));
                done += run;
            }
        });
    }

    /// <summary>Reads rows in any order as float32.</summary>
    /// <param name="rows">The rows; repeats are allowed.</param>
    /// <param name="destination">A contiguous float32 CPU tensor [rows.Length, width]; it is overwritten.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, type or layout, or a row is not there.</exception>
    public void Gather(ReadOnlySpan<long> rows, Tensor destination)
    {
        int count = Check(destination);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, count, nameof(rows));
        float* target = TensorMemory.Pointer<float>(destination);
        fixed (long* list = rows)
        {
            long* source = list;
            InParallel(count, (from, to) =>
            {
                StoredRow* ahead = stackalloc StoredRow[RowsAhead];
                for (int i = from; i < to + RowsAhead; i++)
                {
                    ref StoredRow place = ref ahead[i % RowsAhead];
                    if (i >= from + RowsAhead)
                    {
                        RowConversion.Load(place.Values, place.Type, new Span<float>(target + ((long)(i - RowsAhead) * Width), Width));
                    }

                    if (i < to)
                    {
                        place = Find(source[i]);
                        Prefetch(place);
                    }
                }
            });
        }
    }

    /// <summary>The token at a row.</summary>
    /// <param name="row">The row.</param>
    public int TokenId(long row)
    {
        return Segment(row, out int at).TokenIds[at];
    }

    /// <summary>The document of a row.</summary>
    /// <param name="row">The row.</param>
    public long Document(long row)
    {
        return Segment(row, out int at).Documents[at];
    }

    /// <summary>The sequence of a row.</summary>
    /// <param name="row">The row.</param>
    public long Sequence(long row)
    {
        return Segment(row, out int at).Sequences[at];
    }

    /// <summary>The position of a row within its sequence.</summary>
    /// <param name="row">The row.</param>
    public int Position(long row)
    {
        return Segment(row, out int at).Positions[at];
    }

    /// <summary>Copies the tokens of consecutive rows.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="tokenIds">Receives one token a row.</param>
    public void TokenIds(long firstRow, Span<int> tokenIds)
    {
        for (int done = 0; done < tokenIds.Length;)
        {
            ref readonly ActivationSegment segment = ref Segment(firstRow + done, out int row);
            int run = Math.Min(tokenIds.Length - done, segment.Rows - row);
            new ReadOnlySpan<int>(segment.TokenIds + row, run).CopyTo(tokenIds[done..]);
            done += run;
        }
    }

    /// <summary>Copies the sequences and positions of consecutive rows.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="sequences">Receives one sequence a row.</param>
    /// <param name="positions">Receives one position a row; of the same length.</param>
    public void Places(long firstRow, Span<long> sequences, Span<int> positions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(positions.Length, sequences.Length, nameof(positions));
        for (int done = 0; done < sequences.Length;)
        {
            ref readonly ActivationSegment segment = ref Segment(firstRow + done, out int row);
            int run = Math.Min(sequences.Length - done, segment.Rows - row);
            new ReadOnlySpan<long>(segment.Sequences + row, run).CopyTo(sequences[done..]);
            new ReadOnlySpan<int>(segment.Positions + row, run).CopyTo(positions[done..]);
            done += run;
        }
    }

    /// <summary>Unmaps the shards.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Array.ForEach(_files, file => file.Dispose());
        }
    }

    private static StorageType StoredAs(MappedArrow file)
    {
        string name = file.Metadata.GetValueOrDefault(ShardHeader.DTypeKey, "none");
        return Enum.GetValues<StorageType>().Where(type => type != StorageType.Auto && type.Name() == name).Cast<StorageType?>().FirstOrDefault()
            ?? throw MappedArrow.Damaged(file.Path, $"metadata '{ShardHeader.DTypeKey}' is '{name}', not float16, bfloat16 or float32", null);
    }

    private static int WidthOf(MappedArrow file, Apache.Arrow.RecordBatch batch)
    {
        var list = file.Column<Apache.Arrow.FixedSizeListArray>(batch, ShardHeader.Activation);
        return ((Apache.Arrow.Types.FixedSizeListType)list.Data.DataType).ListSize;
    }

    private int Check(Tensor destination)
    {
        bool fits = destination.dtype == torch.ScalarType.Float32 && destination.device_type == DeviceType.CPU
            && destination.is_contiguous() && destination.shape is [_, var width] && width == Width;
        return fits
            ? checked((int)destination.shape[0])
            : throw new ArgumentException(
                $"expected a contiguous float32 CPU tensor [rows, {Width}], found {destination.dtype} [{string.Join(", ", destination.shape)}] on {destination.device}",
                nameof(destination));
    }

    private void Load(in ActivationSegment segment, int row, int count, float* target)
    {
        long offset = (long)row * Width * segment.Type.Bytes();
        RowConversion.Load(segment.Values + offset, segment.Type, new Span<float>(target, count * Width));
    }

    private StoredRow Find(long row)
    {
        ref readonly ActivationSegment segment = ref Segment(row, out int within);
        return new StoredRow(segment.Values + ((long)within * Width * segment.Type.Bytes()), segment.Type);
    }

    private void Prefetch(StoredRow row)
    {
        int bytes = Width * row.Type.Bytes();
        for (int i = 0; Sse.IsSupported && i < bytes; i += CacheLine)
        {
            Sse.Prefetch0(row.Values + i);
        }
    }

    private void InParallel(int count, Action<int, int> rows)
    {
        int perTask = Math.Max(1, FloatsPerTask / Width);
        if (count <= perTask)
        {
            rows(0, count);
            return;
        }

        int tasks = (count + perTask - 1) / perTask;
        WakefulThreads.For(tasks, task => rows(task * perTask, Math.Min(count, (task + 1) * perTask)));
    }

    private ref readonly ActivationSegment Segment(long row, out int within)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if ((ulong)row >= (ulong)Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"the store has {Rows} rows");
        }

        // Record batches are alike but for a shard's last, so a division mostly finds what a search would.
        long guess = row / _segments[0].Rows;
        int index = guess < _segments.Length && _firstRows[guess] <= row && row - _firstRows[guess] < _segments[guess].Rows ? (int)guess : Search(row);
        within = (int)(row - _firstRows[index]);
        return ref _segments[index];
    }

    private int Search(long row)
    {
        int found = Array.BinarySearch(_firstRows, row);
        return found >= 0 ? found : ~found - 1;
    }

    private readonly record struct StoredRow(nint Address, StorageType Type)
    {
        public StoredRow(byte* values, StorageType type)
            : this((nint)values, type)
        {
        }

        public byte* Values => (byte*)Address;
    }
}
