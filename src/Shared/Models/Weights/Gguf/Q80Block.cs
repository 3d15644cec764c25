using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>scale; 32 signed bytes. x = d q.</summary>
internal readonly struct Q80Block : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 34;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            ReadOnlySpan<sbyte> quants = MemoryMarshal.Cast<byte, sbyte>(blocks.Slice(2, Values));
            for (int i = 0; i < quants.Length; i++)
            {
                values[i] = scale * quants[i];
            }
        }
    }
}
