using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>float32 as it is.</summary>
internal readonly struct F32Block : IGgufBlock
{
    public static int Values => 1;

    public static int Bytes => 4;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);
    }
}
