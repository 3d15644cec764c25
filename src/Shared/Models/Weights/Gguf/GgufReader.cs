using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Workbench.Models.Weights;

/// <summary>Reads the values of a GGUF header; every length is held against what is left of the file before memory is taken for it.</summary>
internal sealed class GgufReader(MappedFile file)
{
    private const int DeepestArray = 4;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _position;

    public long Position => _position;

    public WorkbenchException Bad(string found)
    {
        return new WorkbenchException($"{file.Path} {found}; the file is damaged or truncated, fetch it again.");
    }

    public uint UInt32(string what)
    {
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));
    }

    public ulong UInt64(string what)
    {
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));
    }

    /// <summary>A number of things of at least <paramref name="leastBytes"/> bytes each, which must fit into the rest of the file.</summary>
    public int Count(int leastBytes, string what)
    {
        ulong count = UInt64(what);
        return count > (ulong)(file.Length - _position) / (ulong)leastBytes || count > (ulong)Array.MaxLength
            ? throw Bad($"claims {count:N0} {what}, but only {file.Length - _position:N0} bytes follow")
            : (int)count;
    }

    public string String(string what)
    {
        int length = Count(1, $"bytes of {what}");
        try
        {
            return s_utf8.GetString(Take(length, what));
        }
        catch (DecoderFallbackException)
        {
            throw Bad($"holds {what} that is not UTF-8");
        }
    }

    /// <summary>A metadata value: a number, bool or string, or an array of them.</summary>
    public object Value(string key)
    {
        return Value(UInt32($"the type of '{key}'"), key, 0);
    }

    private object Value(uint type, string key, int depth)
    {
        return type switch
        {
            0 => Take(1, key)[0],
            1 => (sbyte)Take(1, key)[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, key)),
            3 => BinaryPrimitives.ReadInt16LittleEndian(Take(2, key)),
            4 => UInt32(key),
            5 => BinaryPrimitives.ReadInt32LittleEndian(Take(4, key)),
            6 => BinaryPrimitives.ReadSingleLittleEndian(Take(4, key)),
            7 => Take(1, key)[0] != 0,
            8 => String($"'{key}'"),
            9 when depth < DeepestArray => Items(key, depth),
            10 => UInt64(key),
            11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8, key)),
            12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, key)),
            _ => throw Bad($"gives '{key}' the value type {type}, which is not one of GGUF's"),
        };
    }

    private Array Items(string key, int depth)
    {
        uint type = UInt32($"the element type of '{key}'");
        string what = $"elements of '{key}'";
        return type switch
        {
            0 => Numbers<byte>(what),
            1 => Numbers<sbyte>(what),
            2 => Numbers<ushort>(what),
            3 => Numbers<short>(what),
            4 => Numbers<uint>(what),
            5 => Numbers<int>(what),
            6 => Numbers<float>(what),
            7 => Array.ConvertAll(Numbers<byte>(what), value => value != 0),
            8 => Strings(what),
            9 => Arrays(key, what, depth + 1),
            10 => Numbers<ulong>(what),
            11 => Numbers<long>(what),
            12 => Numbers<double>(what),
            _ => throw Bad($"gives '{key}' the element type {type}, which is not one of GGUF's"),
        };
    }

    private T[] Numbers<T>(string what)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        int count = Count(size, what);
        if (count > int.MaxValue / size)
        {
            throw Bad($"claims {count:N0} {what}, more than a header can hold");
        }

        // GGUF is little endian, as is every machine that libtorch runs on.
        return MemoryMarshal.Cast<byte, T>(Take(count * size, what)).ToArray();
    }

    private string[] Strings(string what)
    {
        string[] strings = new string[Count(8, what)];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = String(what);
        }

        return strings;
    }

    private object[] Arrays(string key, string what, int depth)
    {
        object[] arrays = new object[Count(12, what)];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = Value(9, key, depth);
        }

        return arrays;
    }

    private ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > file.Length - _position)
        {
            throw Bad($"ends inside {what}, at byte {file.Length:N0}");
        }

        ReadOnlySpan<byte> taken = file.Span(_position, length);
        _position += length;
        return taken;
    }
}
