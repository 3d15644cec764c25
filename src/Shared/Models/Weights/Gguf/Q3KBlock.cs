namespace Workbench.Models.Weights;

/// <summary>32 bytes of third bits; 256 2-bit numbers; 12 bytes of sixteen 6-bit scales; scale of the scales.</summary>
internal readonly struct Q3KBlock : IGgufBlock
{
    public static int Values => 256;

    public static int Bytes => 110;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 108);
            ReadOnlySpan<byte> packed = blocks.Slice(96, 12);
            for (int group = 0; group < 16; group++)
            {
                float factor = scale * (Scale(packed, group) - 32);
                int shift = group % 8 / 2 * 2;
                int bit = 1 << (group / 2);
                ReadOnlySpan<byte> quants = blocks.Slice(32 + (group / 8 * 32) + (group % 2 * 16), 16);
                ReadOnlySpan<byte> high = blocks.Slice(group % 2 * 16, 16);
                Span<float> target = values.Slice(group * 16, 16);
                for (int i = 0; i < quants.Length; i++)
                {
                    target[i] = factor * (((quants[i] >> shift) & 3) - ((high[i] & bit) != 0 ? 0 : 4));
                }
            }
        }
    }

    /// <summary>Bytes 0 to 7 hold the low four bits of two scales each, bytes 8 to 11 the high two bits of four.</summary>
    private static int Scale(ReadOnlySpan<byte> packed, int group)
    {
        int low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
        int high = (packed[8 + (group % 4)] >> (group / 4 * 2)) & 3;
        return low | (high << 4);
    }
}
