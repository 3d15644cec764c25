namespace Workbench.Models.Weights;

/// <summary>16 bytes of 4-bit scales and minima; 256 2-bit numbers; scale and minimum of both.</summary>
internal readonly struct Q2KBlock : IGgufBlock
{
    public static int Values => 256;

    public static int Bytes => 84;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 80);
            float minimum = GgufBlocks.Half(blocks, 82);
            for (int group = 0; group < 16; group++)
            {
                // Groups of 16 numbers; eight groups share 32 bytes, two bits of each byte to a pair of groups.
                int packed = blocks[group];
                float factor = scale * (packed & 15);
                float offset = minimum * (packed >> 4);
                int shift = group % 8 / 2 * 2;
                ReadOnlySpan<byte> quants = blocks.Slice(16 + (group / 8 * 32) + (group % 2 * 16), 16);
                Span<float> target = values.Slice(group * 16, 16);
                for (int i = 0; i < quants.Length; i++)
                {
                    target[i] = (factor * ((quants[i] >> shift) & 3)) - offset;
                }
            }
        }
    }
}
