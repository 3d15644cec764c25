using System.Buffers.Binary;

namespace Workbench.Activations;

/// <summary>
/// A table of a FlatBuffer whose every step is held against the end of the buffer. (Layout: flatbuffers.dev, "Internals": a table
/// begins with the distance back to a list of the places of its fields.)
/// </summary>
internal readonly ref struct FlatTable
{
    private const int OffsetBytes = sizeof(int);

    private readonly ReadOnlySpan<byte> _buffer;
    private readonly int _position;

    private FlatTable(ReadOnlySpan<byte> buffer, int position)
    {
        _buffer = buffer;
        _position = position;
    }

    /// <summary>The table that a buffer begins with.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> buffer)
    {
        return new FlatTable(buffer, Follow(buffer, 0));
    }

    /// <summary>A number, zero where the field is absent.</summary>
    public long Number(int field, int bytes)
    {
        int place = Place(field, bytes);
        return place == 0 ? 0 : bytes switch
        {
            1 => _buffer[place],
            2 => BinaryPrimitives.ReadInt16LittleEndian(_buffer[place..]),
            4 => BinaryPrimitives.ReadInt32LittleEndian(_buffer[place..]),
            _ => BinaryPrimitives.ReadInt64LittleEndian(_buffer[place..]),
        };
    }

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field)
    {
        return Place(field, 1) != 0;
    }

    /// <summary>A table inside. Ask <see cref="Has"/> first.</summary>
    public FlatTable Table(int field)
    {
        return new FlatTable(_buffer, Follow(_buffer, Place(field, OffsetBytes)));
    }

    /// <summary>A list of numbers or structures, empty where the field is absent.</summary>
    public ReadOnlySpan<byte> Items(int field, int bytesEach)
    {
        int place = Place(field, OffsetBytes);
        if (place == 0)
        {
            return [];
        }

        int start = Follow(_buffer, place);
        int count = BinaryPrimitives.ReadInt32LittleEndian(_buffer[start..]);
        long end = start + OffsetBytes + ((long)count * bytesEach);
        return count >= 0 && end <= _buffer.Length
            ? _buffer[(start + OffsetBytes)..(int)end]
            : throw new InvalidDataException($"a list claims {count} entries");
    }

    /// <summary>How many tables a list holds.</summary>
    public int Count(int field)
    {
        return Items(field, OffsetBytes).Length / OffsetBytes;
    }

    /// <summary>A table of a list.</summary>
    public FlatTable Table(int field, int index)
    {
        int list = Follow(_buffer, Place(field, OffsetBytes));
        return new FlatTable(_buffer, Follow(_buffer, list + (OffsetBytes * (index + 1))));
    }

    private int Place(int field, int bytes)
    {
        const int Entry = sizeof(ushort);
        long list = _position - (long)Int32(_buffer, _position);
        if (list < 0 || list + (2 * Entry) > _buffer.Length)
        {
            throw new InvalidDataException("a table lies outside its message");
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(_buffer[(int)list..]);
        long entry = list + (Entry * (field + 2));
        if (entry + Entry > list + size)
        {
            return 0;
        }

        int offset = entry + Entry <= _buffer.Length ? BinaryPrimitives.ReadUInt16LittleEndian(_buffer[(int)entry..]) : int.MaxValue;
        return offset == 0 ? 0
            : (long)_position + offset + bytes <= _buffer.Length ? _position + offset
            : throw new InvalidDataException("a field lies outside its message");
    }

    private static int Follow(ReadOnlySpan<byte> buffer, int place)
    {
        long target = place + (long)(uint)Int32(buffer, place);
        return target + OffsetBytes <= buffer.Length ? (int)target : throw new InvalidDataException("a reference leads outside its message");
    }

    private static int Int32(ReadOnlySpan<byte> buffer, int place)
    {
        return place >= 0 && (long)place + OffsetBytes <= buffer.Length
            ? BinaryPrimitives.ReadInt32LittleEndian(buffer[place..])
            : throw new InvalidDataException("a message ends early");
    }
}
