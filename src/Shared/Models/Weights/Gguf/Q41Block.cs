namespace Workbench.Models.Weights;

/// <summary>scale and minimum; 16 bytes as in Q4_0. x = d q + m.</summary>
internal readonly struct Q41Block : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 20;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            float minimum = GgufBlocks.Half(blocks, 2);
            ReadOnlySpan<byte> quants = blocks.Slice(4, 16);
            for (int i = 0; i < quants.Length; i++)
            {
                values[i] = (scale * (quants[i] & 15)) + minimum;
                values[i + 16] = (scale * (quants[i] >> 4)) + minimum;
            }
        }
    }
}
