using System.Globalization;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>
/// Writes one hook's rows as a series of shards. Under <see cref="StorageType.Auto"/> a shard is written as float16 and as
/// bfloat16 side by side until it is complete or a value leaves float16's range; then one of the two is thrown away. Memory
/// holds one record batch, as it is stored.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    private readonly string _root;
    private readonly ShardHeader _header;
    private readonly ShardLayout _layout;
    private readonly FileOpener? _open;
    private readonly Form[] _forms;
    private readonly int[] _tokenIds;
    private readonly long[] _documents;
    private readonly long[] _sequences;
    private readonly int[] _positions;
    private readonly List<Form> _candidates = [];
    private int _pending;

    /// <summary>A writer that goes on with the given shard.</summary>
    /// <param name="root">The harvest's folder; shards go to a folder below it, named after the hook.</param>
    /// <param name="header">Where the rows come from.</param>
    /// <param name="layout">Rows a shard and a record batch.</param>
    /// <param name="type">The stored number type.</param>
    /// <param name="firstShard">The index of the next shard.</param>
    /// <param name="open">Opens files; by default plain file streams.</param>
    public ShardWriter(
        string root, ShardHeader header, ShardLayout layout, StorageType type, int firstShard = 0, FileOpener? open = null)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(layout);
        _root = root;
        _header = header;
        _layout = layout;
        _open = open;
        StorageType[] types = type == StorageType.Auto ? [StorageType.Float16, StorageType.BFloat16] : [type];
        _forms = [.. types.Select(each => new Form(each, (long)layout.BatchRows * header.Width))];
        _candidates.AddRange(_forms);
        _tokenIds = new int[layout.BatchRows];
        _documents = new long[layout.BatchRows];
        _sequences = new long[layout.BatchRows];
        _positions = new int[layout.BatchRows];
        Shard = firstShard;
    }

    /// <summary>The index of the shard being written.</summary>
    public int Shard { get; private set; }

    /// <summary>Rows in the shard being written.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that the shard being written still takes.</summary>
    public int Room => _layout.ShardRows - Rows;

    /// <summary>The file of a shard, relative to the harvest's folder.</summary>
    /// <param name="hook">The hook point's name.</param>
    /// <param name="shard">The shard's index.</param>
    public static string FileOf(string hook, int shard)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{hook}/shard-{shard:D5}.arrow");
    }

    /// <summary>Adds rows to the shard.</summary>
    /// <param name="rows">At most <see cref="Room"/> rows.</param>
    /// <exception cref="WorkbenchException">A value is not finite or beyond the stored type, or the disk refuses.</exception>
    public void Append(ActivationRows rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, Room, nameof(rows));
        for (int done = 0; done < rows.Count;)
        {
            int count = Math.Min(rows.Count - done, _layout.BatchRows - _pending);
            ActivationRows part = rows.Slice(done, count);
            Store(part);
            part.TokenIds.CopyTo(_tokenIds.AsSpan(_pending));
            part.Documents.CopyTo(_documents.AsSpan(_pending));
            part.Sequences.CopyTo(_sequences.AsSpan(_pending));
            part.Positions.CopyTo(_positions.AsSpan(_pending));
            _pending += count;
            Rows += count;
            done += count;
            if (_pending == _layout.BatchRows)
            {
                WriteBatch();
            }
        }
    }

    /// <summary>Completes the shard: forces it to disk and gives it its name. The next rows go to the next shard.</summary>
    /// <returns>The shard's entry for the manifest; null where it has no row.</returns>
    /// <exception cref="WorkbenchException">The disk refuses.</exception>
    public HarvestShard? FinishShard()
    {
        return ReleaseShard()?.Complete();
    }

    /// <summary>
    /// Hands the shard over with all its rows written, so that another thread may complete it. The next rows go to the next shard.
    /// </summary>
    /// <returns>The shard, which is the caller's to complete or to dispose; null where it has no row.</returns>
    /// <exception cref="WorkbenchException">The disk refuses.</exception>
    public PendingShard? ReleaseShard()
    {
        if (Rows == 0)
        {
            return null;
        }

        WriteBatch();
        Form form = _candidates[0];
        var entry = new HarvestShard(_header.Hook, FileOf(_header.Hook, Shard), Rows, form.Type, Bytes: 0, Sha256: "");
        var shard = new PendingShard(entry, form.Release(), [.. _candidates.Skip(1).Select(other => other.Release())]);
        Abandon();
        Shard++;
        return shard;
    }

    /// <summary>Throws an incomplete shard away.</summary>
    public void Dispose()
    {
        Abandon();
    }

    private void Abandon()
    {
        foreach (Form form in _forms)
        {
            form.Drop();
        }

        _candidates.Clear();
        _candidates.AddRange(_forms);
        _pending = 0;
        Rows = 0;
    }

    /// <summary>Converts rows into every form that can hold them, and drops the others but for the last.</summary>
    private void Store(ActivationRows rows)
    {
        for (int i = 0; i < _candidates.Count;)
        {
            Form form = _candidates[i];
            int bad = RowConversion.FirstUnstorable(rows.Values, form.Type);
            if (bad >= 0 && (_candidates.Count == 1 || !float.IsFinite(rows.Values[bad])))
            {
                throw Unstorable(rows, bad, form.Type);
            }

            if (bad >= 0)
            {
                form.Drop();
                _candidates.RemoveAt(i);
                continue;
            }

            int bytes = form.Type.Bytes();
            RowConversion.Store(rows.Values, form.Type, form.Stored.AsSpan(_pending * _header.Width * bytes, rows.Values.Length * bytes));
            i++;
        }
    }

    private void WriteBatch()
    {
        if (_pending == 0)
        {
            return;
        }

        string path = Path.Combine(_root, FileOf(_header.Hook, Shard));
        foreach (Form form in _candidates)
        {
            form.File ??= new ArrowOutput(path, $".{form.Type.Name()}{AtomicFile.TemporarySuffix}", _header.Schema(form.Type), _open);
            form.File.Write(Batch(form));
        }

        _pending = 0;
    }

    private RecordBatch Batch(Form form)
    {
        Schema schema = _header.Schema(form.Type);
        int numbers = _pending * _header.Width;
        var buffer = new ArrowBuffer(form.Stored.AsMemory(0, numbers * form.Type.Bytes()));
        IArrowArray items = form.Type switch
        {
            StorageType.Float16 => new HalfFloatArray(buffer, ArrowBuffer.Empty, numbers, 0, 0),
            StorageType.BFloat16 => new UInt16Array(buffer, ArrowBuffer.Empty, numbers, 0, 0),
            _ => new FloatArray(buffer, ArrowBuffer.Empty, numbers, 0, 0),
        };
        var list = (FixedSizeListType)schema.GetFieldByName(ShardHeader.Activation).DataType;
        return new RecordBatch(
            schema,
            [
                new FixedSizeListArray(list, _pending, items, ArrowBuffer.Empty, 0, 0),
                new Int32Array(Buffer(_tokenIds), ArrowBuffer.Empty, _pending, 0, 0),
                new Int64Array(Buffer(_documents), ArrowBuffer.Empty, _pending, 0, 0),
                new Int64Array(Buffer(_sequences), ArrowBuffer.Empty, _pending, 0, 0),
                new Int32Array(Buffer(_positions), ArrowBuffer.Empty, _pending, 0, 0),
            ],
            _pending);
    }

    private ArrowBuffer Buffer<T>(T[] column)
        where T : struct
    {
        return new ArrowBuffer(MemoryMarshal.AsBytes(column.AsSpan(0, _pending)).ToArray());
    }

    private WorkbenchException Unstorable(ActivationRows rows, int index, StorageType type)
    {
        int row = index / _header.Width;
        float value = rows.Values[index];
        string place = string.Create(
            CultureInfo.InvariantCulture,
            $"Hook {_header.Hook} has the value {value} at document {rows.Documents[row]}, sequence {rows.Sequences[row]}, position {rows.Positions[row]}");
        return new WorkbenchException(
            float.IsFinite(value)
                ? $"{place}, which is beyond {type.Name()}; use --dtype {(type == StorageType.Float16 ? "auto, bfloat16 or float32" : "float32")}."
                : $"{place}, which is not finite and cannot be stored; check the model's weights, or try --precision float32.");
    }

    /// <summary>The record batch in one number type, and the file that it goes to.</summary>
    private sealed class Form(StorageType type, long values)
    {
        public StorageType Type { get; } = type;

        public byte[] Stored { get; } = new byte[values * type.Bytes()];

        public ArrowOutput? File { get; set; }

        public ArrowOutput Release()
        {
            ArrowOutput file = File!;
            File = null;
            return file;
        }

        public void Drop()
        {
            File?.Dispose();
            File = null;
        }
    }
}
