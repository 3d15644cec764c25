namespace Workbench.Models.Weights;

/// <summary>scale and minimum of eight groups; their packed scales; 256 4-bit numbers. x = d s q - m t.</summary>
internal readonly struct Q4KBlock : IGgufBlock
{
    public static int Values => 256;

    public static int Bytes => 144;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            float minimum = GgufBlocks.Half(blocks, 2);
            ReadOnlySpan<byte> packed = blocks.Slice(4, 12);
            for (int group = 0; group < 8; group++)
            {
                float factor = scale * KScales.Scale(packed, group);
                float offset = minimum * KScales.Minimum(packed, group);
                int shift = group % 2 * 4;
                ReadOnlySpan<byte> quants = blocks.Slice(16 + (group / 2 * 32), 32);
                Span<float> target = values.Slice(group * 32, 32);
                for (int i = 0; i < quants.Length; i++)
                {
                    target[i] = (factor * ((quants[i] >> shift) & 15)) - offset;
                }
            }
        }
    }
}
