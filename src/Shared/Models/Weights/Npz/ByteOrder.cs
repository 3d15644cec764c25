using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Workbench.Models.Weights.Npz;

/// <summary>Turns numbers of the other byte order into this machine's.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses the bytes of each number in place.</summary>
    /// <param name="bytes">The numbers.</param>
    /// <param name="size">Bytes of each: 1, 2, 4 or 8.</param>
    public static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> twos = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(twos, twos);
                break;
            case 4:
                Span<uint> fours = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(fours, fours);
                break;
            case 8:
                Span<ulong> eights = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eights, eights);
                break;
        }
    }
}
