using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Workbench.Activations;

/// <summary>One record batch of a mapped shard: the place of each column in memory.</summary>
internal readonly unsafe struct ActivationSegment
{
    private ActivationSegment(long firstRow, int rows, StorageType type, byte* values)
    {
        FirstRow = firstRow;
        Rows = rows;
        Type = type;
        Values = values;
    }

    public long FirstRow { get; }

    public int Rows { get; }

    public StorageType Type { get; }

    public byte* Values { get; }

    public int* TokenIds { get; private init; }

    public long* Documents { get; private init; }

    public long* Sequences { get; private init; }

    public int* Positions { get; private init; }

    public static ActivationSegment Of(MappedArrow shard, RecordBatch batch, long firstRow, int width, StorageType type)
    {
        FixedSizeListArray list = shard.Column<FixedSizeListArray>(batch, ShardHeader.Activation);
        int found = ((FixedSizeListType)list.Data.DataType).ListSize;
        if (found != width)
        {
            throw new WorkbenchException($"{shard.Path} has rows of width {found} where {width} was expected; harvest again.");
        }

        ReadOnlySpan<byte> values = Numbers(shard, list.Values, type);
        return values.Length == (long)batch.Length * width * type.Bytes()
            ? new ActivationSegment(firstRow, batch.Length, type, Pointer(values))
            {
                TokenIds = Pointer(shard.Column<Int32Array>(batch, ShardHeader.TokenId).Values),
                Documents = Pointer(shard.Column<Int64Array>(batch, ShardHeader.Document).Values),
                Sequences = Pointer(shard.Column<Int64Array>(batch, ShardHeader.Sequence).Values),
                Positions = Pointer(shard.Column<Int32Array>(batch, ShardHeader.Position).Values),
            }
            : throw new WorkbenchException($"{shard.Path} holds {values.Length} bytes of activations for {batch.Length} rows; harvest again.");
    }

    private static ReadOnlySpan<byte> Numbers(MappedArrow shard, IArrowArray items, StorageType type)
    {
        return (items, type) switch
        {
            (HalfFloatArray half, StorageType.Float16) => MemoryMarshal.AsBytes(half.Values),
            (UInt16Array upper, StorageType.BFloat16) => MemoryMarshal.AsBytes(upper.Values),
            (FloatArray single, StorageType.Float32) => MemoryMarshal.AsBytes(single.Values),
            _ => throw new WorkbenchException(
                $"{shard.Path} says {type.Name()} and stores {items.Data.DataType.Name}; harvest again."),
        };
    }

    // The span lies in a memory map, which never moves, so its address outlives the fixed statement.
    private static T* Pointer<T>(ReadOnlySpan<T> span)
        where T : unmanaged
    {
        fixed (T* start = span)
        {
            return start;
        }
    }
}
