using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Workbench.Activations;

/// <summary>
/// Holds every size that an Arrow stream of another writer claims against the bytes that are there, before the library allocates
/// for it. Unlike <see cref="ArrowCheck"/> it lets dictionaries, compression and nulls pass. Field numbers are those of Arrow's
/// Message.fbs and Schema.fbs.
/// </summary>
internal sealed class ForeignArrowCheck
{
    private const int Continuation = -1;
    private const int SizeBytes = sizeof(int);
    private const int MagicBytes = 6;
    private const int PrefixBytes = 8;
    private const int DeepestField = 32;
    private const int SchemaHeader = 1;
    private const int DictionaryHeader = 2;
    private const int BatchHeader = 3;
    private const long BitsOfByte = 8;

    // A stretch of zeros may be short on disk; more than this is a false claim.
    private const long PlausibleBytes = 32 << 20;
    private const long Expansion = 1024;

    private const long PlausibleRows = 1 << 18;
    private const long RowsPerByte = 64;

    private readonly Stream _file;
    private readonly long _most;
    private readonly long _mostRows;

    private ForeignArrowCheck(Stream file)
    {
        _file = file;
        _most = Math.Max(PlausibleBytes, Expansion * file.Length);
        _mostRows = Math.Max(PlausibleRows, RowsPerByte * file.Length);
    }

    /// <summary>Checks the messages from the stream's position to its end mark or its end; the position is put back.</summary>
    /// <exception cref="InvalidDataException">A claim is false.</exception>
    public static void Stream(Stream file)
    {
        long start = file.Position;
        new ForeignArrowCheck(file).Messages();
        file.Position = start;
    }

    /// <summary>
    /// Checks a file by its footer, which places the messages and has a schema of its own; the position is put back.
    /// </summary>
    /// <exception cref="InvalidDataException">A claim is false.</exception>
    public static void File(Stream file)
    {
        long start = file.Position;
        new ForeignArrowCheck(file).Footer();
        file.Position = start;
    }

    private void Footer()
    {
        Span<byte> end = stackalloc byte[SizeBytes + MagicBytes];
        long place = _file.Length - end.Length;
        _file.Position = Math.Max(0, place);
        _file.ReadExactly(end);
        int length = BinaryPrimitives.ReadInt32LittleEndian(end);
        if (length <= 0 || length > place || !end[SizeBytes..].SequenceEqual("ARROW1"u8))
        {
            throw new InvalidDataException("its end is not that of an Arrow file");
        }

        byte[] metadata = new byte[length];
        _file.Position = place - length;
        _file.ReadExactly(metadata);
        FlatTable footer = FlatTable.Root(metadata);
        if (!footer.Has(1))
        {
            throw new InvalidDataException("its footer has no schema");
        }

        _ = footer.Count(4);
        Fields(footer.Table(1), list: 1, metadata: 2, depth: 0);
        foreach (int blocks in (int[])[2, 3])
        {
            foreach (Block block in MemoryMarshal.Cast<byte, Block>(footer.Items(blocks, 24)))
            {
                At(block);
            }
        }
    }

    private void At(Block block)
    {
        if (block.Offset < 0 || block.Metadata < PrefixBytes || block.Body < 0 || block.Offset > _file.Length - block.Metadata || block.Body > _file.Length - block.Offset - block.Metadata)
        {
            throw new InvalidDataException($"its footer places a message at byte {block.Offset}, with {block.Metadata} + {block.Body} bytes");
        }

        _file.Position = block.Offset;
        if (!Next())
        {
            throw new InvalidDataException($"there is no message at byte {block.Offset}");
        }
    }

    private void Messages()
    {
        while (Next())
        {
        }
    }

    /// <summary>Checks the message at the stream's position and passes it; false at an end mark or the end.</summary>
    private bool Next()
    {
        Span<byte> size = stackalloc byte[SizeBytes];
        if (_file.ReadAtLeast(size, SizeBytes, throwOnEndOfStream: false) < SizeBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(size);
        if (length == Continuation)
        {
            _file.ReadExactly(size);
            length = BinaryPrimitives.ReadInt32LittleEndian(size);
        }

        if (length < 0 || length > _file.Length - _file.Position)
        {
            throw new InvalidDataException($"the message at byte {_file.Position} claims {length} bytes");
        }

        if (length == 0)
        {
            return false;
        }

        byte[] metadata = new byte[length];
        _file.ReadExactly(metadata);
        Message(FlatTable.Root(metadata));
        return true;
    }

    private void Message(FlatTable message)
    {
        long body = message.Number(3, 8);
        long start = _file.Position;
        _ = message.Count(4);
        if (body < 0 || body > _file.Length - start || !message.Has(2))
        {
            throw new InvalidDataException($"a message claims a body of {body} bytes where {_file.Length - start} are left");
        }

        switch (message.Number(1, 1))
        {
            case SchemaHeader:
                Fields(message.Table(2), list: 1, metadata: 2, depth: 0);
                break;
            case DictionaryHeader when message.Table(2).Has(1):
                Batch(message.Table(2).Table(1), body, start);
                break;
            case BatchHeader:
                Batch(message.Table(2), body, start);
                break;
            default:
                throw new InvalidDataException($"a message has the kind {message.Number(1, 1)}, neither schema nor batch");
        }

        _file.Position = start + body;
    }

    private static void Fields(FlatTable owner, int list, int metadata, int depth)
    {
        // The library makes room for as many pairs as are claimed; Count holds the claim against the message.
        _ = owner.Count(metadata);
        for (int index = 0; index < owner.Count(list); index++)
        {
            FlatTable field = owner.Table(list, index);
            if (depth > DeepestField || !field.Has(3))
            {
                throw new InvalidDataException("a field has no type, or lies too deep");
            }

            Fields(field, list: 5, metadata: 6, depth + 1);
        }
    }

    private void Batch(FlatTable batch, long body, long start)
    {
        long bytes = 0;
        ReadOnlySpan<Pair> buffers = MemoryMarshal.Cast<byte, Pair>(batch.Items(2, 16));
        for (int index = 0; index < buffers.Length; index++)
        {
            (long place, long length) = buffers[index];
            if (place < 0 || length < 0 || place > body - length)
            {
                throw new InvalidDataException($"buffer {index} of a batch claims bytes {place} + {length} of {body}");
            }

            long unpacked = batch.Has(3) && length >= sizeof(long) ? Unpacked(start + place, length) : length;
            bytes = unpacked >= 0 && unpacked <= _most - bytes ? bytes + unpacked : throw new InvalidDataException($"buffer {index} of a batch claims {unpacked} bytes unpacked");
        }

        foreach (long views in MemoryMarshal.Cast<byte, long>(batch.Items(4, sizeof(long))))
        {
            if (views < 0 || views > buffers.Length)
            {
                throw new InvalidDataException($"a column of views claims {views} of {buffers.Length} buffers");
            }
        }

        long most = Math.Min(_mostRows, BitsOfByte * (bytes + 1));
        long rows = batch.Number(0, 8);
        if (rows < 0 || rows > most)
        {
            throw new InvalidDataException($"a batch of {bytes} bytes claims {rows} rows");
        }

        foreach (Pair node in MemoryMarshal.Cast<byte, Pair>(batch.Items(1, 16)))
        {
            if (node.First < 0 || node.First > most || node.Second < 0 || node.Second > node.First)
            {
                throw new InvalidDataException($"a column claims {node.First} entries and {node.Second} nulls");
            }
        }
    }

    // A compressed buffer begins with its length before compression; -1 says that it is not compressed after all.
    private long Unpacked(long start, long length)
    {
        Span<byte> size = stackalloc byte[sizeof(long)];
        _file.Position = start;
        _file.ReadExactly(size);
        long unpacked = BinaryPrimitives.ReadInt64LittleEndian(size);
        return unpacked == -1 ? length - sizeof(long) : unpacked;
    }

    /// <summary>Where a footer places a message.</summary>
    private readonly record struct Block(long Offset, int Metadata, int Padding, long Body);

    /// <summary>Entries and nulls of a column, or place and length of a buffer.</summary>
    private readonly record struct Pair(long First, long Second);
}
