using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>bfloat16: the upper half of a float32.</summary>
internal readonly struct BF16Block : IGgufBlock
{
    public static int Values => 1;

    public static int Bytes => 2;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        ReadOnlySpan<ushort> stored = MemoryMarshal.Cast<byte, ushort>(blocks);
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < stored.Length; i++)
        {
            bits[i] = (uint)stored[i] << 16;
        }
    }
}
