using System.Buffers.Binary;
using System.Text;

namespace Workbench.Models.Weights.Pickle;

/// <summary>Reads the bytes of a pickle; every length is compared with what is left before anything is made of it.</summary>
internal sealed class PickleInput(string source, byte[] bytes, int start = 0)
{
    private const int LongestName = 500;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Position { get; private set; } = start;

    public WorkbenchException Bad(string what)
    {
        return new WorkbenchException($"{source}: {what} at byte {Position} of the pickle; nothing of it was run. The file is damaged or is not a file of tensors.");
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > bytes.Length - Position)
        {
            throw Bad($"{count:N0} bytes are claimed where {bytes.Length - Position:N0} are left");
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public byte Byte()
    {
        return Take(1)[0];
    }

    public int UInt16()
    {
        return BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    }

    public int Int32()
    {
        return BinaryPrimitives.ReadInt32LittleEndian(Take(4));
    }

    public uint UInt32()
    {
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public long Length64()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length > long.MaxValue ? throw Bad($"{length:N0} bytes are claimed where {bytes.Length - Position:N0} are left") : (long)length;
    }

    public double Double()
    {
        return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
    }

    /// <summary>A little-endian two's complement number of up to 8 bytes.</summary>
    public long WholeNumber(long length)
    {
        if (length > 8)
        {
            throw Bad($"a whole number of {length:N0} bytes stands where at most 8 were expected");
        }

        ReadOnlySpan<byte> digits = Take(length);
        long number = digits.Length > 0 && (digits[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            number = (number << 8) | digits[i];
        }

        return number;
    }

    public string Text(long length)
    {
        try
        {
            return s_utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw Bad("a text is not UTF-8");
        }
    }

    /// <summary>Text up to the end of the line, as GLOBAL has it.</summary>
    public string Line()
    {
        int end = bytes.AsSpan(Position).IndexOf((byte)'\n');
        if (end is < 0 or > LongestName)
        {
            throw Bad("a name has no end");
        }

        string line = Text(end);
        Position++;
        return line;
    }
}
