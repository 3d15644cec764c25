using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Workbench.Activations;

/// <summary>
/// Holds every size that an Arrow stream claims against the bytes that are there, before the library allocates for it. Field
/// numbers are those of Arrow's Message.fbs and Schema.fbs. Only what these programs write passes: no compression, no
/// dictionaries, no unions, no nulls.
/// </summary>
internal static class ArrowCheck
{
    private const int Continuation = -1;
    private const int PrefixBytes = 8;
    private const int DeepestField = 8;
    private const int SchemaHeader = 1;
    private const int BatchHeader = 3;
    private const int UnionType = 14;

    /// <summary>Checks the messages of a stream up to its end mark.</summary>
    /// <exception cref="InvalidDataException">A claim is false.</exception>
    public static void Stream(ReadOnlySpan<byte> stream)
    {
        long position = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = position <= stream.Length - PrefixBytes
                ? stream[(int)position..]
                : throw new InvalidDataException("the stream has no end mark");
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(rest) != Continuation || length < 0 || length > rest.Length - PrefixBytes)
            {
                throw new InvalidDataException($"the message at byte {position} has no valid length");
            }

            if (length == 0)
            {
                return;
            }

            position += PrefixBytes + length;
            position += Message(rest.Slice(PrefixBytes, length), stream.Length - position).Body;
        }
    }

    /// <summary>Checks one message by its metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="room">Bytes that are left for its body.</param>
    /// <returns>Whether it is a record batch, not a schema, and the bytes of its body.</returns>
    /// <exception cref="InvalidDataException">A claim is false.</exception>
    public static (bool IsBatch, long Body) Message(ReadOnlySpan<byte> metadata, long room)
    {
        FlatTable message = FlatTable.Root(metadata);
        long body = message.Number(3, 8);
        if (body < 0 || body > room || !message.Has(2))
        {
            throw new InvalidDataException($"a message claims a body of {body} bytes where {room} are left");
        }

        switch (message.Number(1, 1))
        {
            case SchemaHeader:
                Fields(message.Table(2), list: 1, metadata: 2, depth: 0);
                break;
            case BatchHeader:
                Batch(message.Table(2), body);
                break;
            default:
                throw new InvalidDataException($"a message has the kind {message.Number(1, 1)}, neither schema nor record batch");
        }

        return (message.Number(1, 1) == BatchHeader, body);
    }

    private static void Fields(FlatTable owner, int list, int metadata, int depth)
    {
        for (int index = 0; index < owner.Count(metadata); index++)
        {
            FlatTable pair = owner.Table(metadata, index);
            _ = pair.Items(0, 1);
            _ = pair.Items(1, 1);
        }

        for (int index = 0; index < owner.Count(list); index++)
        {
            FlatTable field = owner.Table(list, index);
            _ = field.Items(0, 1);
            if (depth > DeepestField || field.Has(4) || field.Number(2, 1) == UnionType || !field.Has(3))
            {
                throw new InvalidDataException("a field is of a kind that is never written");
            }

            _ = field.Table(3);
            Fields(field, list: 5, metadata: 6, depth + 1);
        }
    }

    private static void Batch(FlatTable batch, long body)
    {
        long rows = batch.Number(0, 8);
        if (rows is < 0 or > int.MaxValue || batch.Has(3) || batch.Has(4))
        {
            throw new InvalidDataException($"a record batch claims {rows} rows, or is compressed");
        }

        ReadOnlySpan<Pair> nodes = MemoryMarshal.Cast<byte, Pair>(batch.Items(1, 16));
        for (int index = 0; index < nodes.Length; index++)
        {
            if (nodes[index] is not { First: >= 0 and <= int.MaxValue, Second: 0 })
            {
                throw new InvalidDataException($"node {index} of a record batch claims {nodes[index].First} entries and {nodes[index].Second} nulls");
            }
        }

        ReadOnlySpan<Pair> buffers = MemoryMarshal.Cast<byte, Pair>(batch.Items(2, 16));
        for (int index = 0; index < buffers.Length; index++)
        {
            (long start, long length) = buffers[index];
            if (start < 0 || length < 0 || start > body - length)
            {
                throw new InvalidDataException($"buffer {index} of a record batch claims bytes {start} + {length} of {body}");
            }
        }
    }

    /// <summary>Entries and nulls of a column, or place and length of a buffer.</summary>
    private readonly record struct Pair(long First, long Second);
}
