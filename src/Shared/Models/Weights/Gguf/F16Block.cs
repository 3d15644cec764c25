using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>float16.</summary>
internal readonly struct F16Block : IGgufBlock
{
    public static int Values => 1;

    public static int Bytes => 2;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(blocks), values);
    }
}
