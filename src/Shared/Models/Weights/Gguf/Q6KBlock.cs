using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>low four bits; high two bits; sixteen signed scales; scale of the scales. x = d s (q - 32).</summary>
internal readonly struct Q6KBlock : IGgufBlock
{
    public static int Values => 256;

    public static int Bytes => 210;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 208);
            ReadOnlySpan<sbyte> scales = MemoryMarshal.Cast<byte, sbyte>(blocks.Slice(192, 16));
            for (int group = 0; group < 8; group++)
            {
                // Groups of 32 numbers; each half of the block keeps its low bits in 64 bytes and its high bits in 32.
                int half = group / 4;
                int lowShift = group % 4 / 2 * 4;
                int highShift = group % 4 * 2;
                ReadOnlySpan<byte> low = blocks.Slice((half * 64) + (group % 2 * 32), 32);
                ReadOnlySpan<byte> high = blocks.Slice(128 + (half * 32), 32);
                Span<float> target = values.Slice(group * 32, 32);
                for (int i = 0; i < target.Length; i++)
                {
                    int quant = ((low[i] >> lowShift) & 15) | (((high[i] >> highShift) & 3) << 4);
                    target[i] = scale * scales[(group * 2) + (i / 16)] * (quant - 32);
                }
            }
        }
    }
}
