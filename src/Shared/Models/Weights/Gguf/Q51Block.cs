using System.Buffers.Binary;

namespace Workbench.Models.Weights;

/// <summary>scale and minimum; 32 fifth bits; 16 bytes as in Q4_0. x = d q + m.</summary>
internal readonly struct Q51Block : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 24;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            float minimum = GgufBlocks.Half(blocks, 2);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(blocks[4..]);
            ReadOnlySpan<byte> quants = blocks.Slice(8, 16);
            for (int i = 0; i < quants.Length; i++)
            {
                int low = (quants[i] & 15) | (int)(((high >> i) & 1) << 4);
                int upper = (quants[i] >> 4) | (int)(((high >> (i + 16)) & 1) << 4);
                values[i] = (scale * low) + minimum;
                values[i + 16] = (scale * upper) + minimum;
            }
        }
    }
}
