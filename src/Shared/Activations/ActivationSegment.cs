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
        if (found != width || width <= 0)
        {
            throw new WorkbenchException($"{shard.Path} has rows of width {found} in '{ShardHeader.Activation}' where {width} was expected; harvest again.");
        }

        ReadOnlySpan<byte> values = Numbers(shard, list.Values, type);
        return values.Length == (long)batch.Length * width * type.Bytes()
            ? new ActivationSegment(firstRow, batch.Length, type, Pointer(values))
            {
                TokenIds = Pointer(shard.Values<int>(batch, ShardHeader.TokenId)),
                Documents = Pointer(shard.Values<long>(batch, ShardHeader.Document)),
                Sequences = Pointer(shard.Values<long>(batch, ShardHeader.Sequence)),
                Positions = Pointer(shard.Values<int>(batch, ShardHeader.Position)),
            }
            : throw new WorkbenchException($"{shard.Path} holds {values.Length} bytes of activations for {batch.Length} rows; harvest again.");
    }

    private static ReadOnlySpan<byte> Numbers(MappedArrow shard, IArrowArray items, StorageType type)
    {
        return (items, type) switch
        {
            (HalfFloatArray half, StorageType.Float16) => MemoryMarshal.AsBytes(shard.Values(half, ShardHeader.Activation)),
            (UInt16Array upper, StorageType.BFloat16) => MemoryMarshal.AsBytes(shard.Values(upper, ShardHeader.Activation)),
            (FloatArray single, StorageType.Float32) => MemoryMarshal.AsBytes(shard.Values(single, ShardHeader.Activation)),
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
