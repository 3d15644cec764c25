using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>
/// SentencePiece's precompiled map: the number of bytes of a double-array trie, the trie (32-bit units, little endian), and the
/// replacements in UTF-8, each ended by NUL. Leaves hold where their replacement begins.
/// </summary>
internal sealed class ReplacementTable
{
    private readonly uint[] _units;
    private readonly byte[] _texts;

    private ReplacementTable(uint[] units, byte[] texts)
    {
        _units = units;
        _texts = texts;
    }

    /// <summary>Reads a table; false where it is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReplacementTable? table)
    {
        table = null;
        if (bytes.Length < sizeof(uint))
        {
            return false;
        }

        uint size = MemoryMarshal.Read<uint>(bytes);
        ReadOnlySpan<byte> rest = bytes[sizeof(uint)..];
        if (size == 0 || size % sizeof(uint) != 0 || size > (uint)rest.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> texts = rest[(int)size..];
        if (texts.IsEmpty || texts[^1] != 0 || !Utf8.IsValid(texts))
        {
            return false;
        }

        table = new ReplacementTable(MemoryMarshal.Cast<byte, uint>(rest[..(int)size]).ToArray(), texts.ToArray());
        return true;
    }

    /// <summary>Finds the replacement, perhaps empty, of the shortest entry that the text begins with.</summary>
    public bool TryFind(scoped ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        replacement = [];
        uint node = Offset(_units[0]);
        foreach (byte value in text)
        {
            node ^= value;
            if (value == 0 || node >= _units.Length || Label(_units[node]) != value)
            {
                return false;
            }

            uint unit = _units[node];
            node ^= Offset(unit);
            if (HasLeaf(unit))
            {
                return node < _units.Length && TryRead(_units[node] & int.MaxValue, out replacement);
            }
        }

        return false;
    }

    private bool TryRead(uint start, out ReadOnlySpan<byte> text)
    {
        bool found = start < _texts.Length;
        text = found ? _texts.AsSpan((int)start) : [];
        text = found ? text[..text.IndexOf((byte)0)] : [];
        return found;
    }

    private static uint Label(uint unit)
    {
        return unit & (0x8000_0000 | 0xFF);
    }

    private static bool HasLeaf(uint unit)
    {
        return (unit & 0x100) != 0;
    }

    private static uint Offset(uint unit)
    {
        return (unit >> 10) << (int)((unit & 0x200) >> 6);
    }
}
