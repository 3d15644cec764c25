using System.Buffers.Binary;

namespace Workbench.Models.Weights;

/// <summary>scale; 32 fifth bits; 16 bytes as in Q4_0. x = d (q - 16).</summary>
internal readonly struct Q50Block : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 22;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(blocks[2..]);
            ReadOnlySpan<byte> quants = blocks.Slice(6, 16);
            for (int i = 0; i < quants.Length; i++)
            {
                int low = (quants[i] & 15) | (int)(((high >> i) & 1) << 4);
                int upper = (quants[i] >> 4) | (int)(((high >> (i + 16)) & 1) << 4);
                values[i] = scale * (low - 16);
                values[i + 16] = scale * (upper - 16);
            }
        }
    }
}
