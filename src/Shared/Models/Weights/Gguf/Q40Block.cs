namespace Workbench.Models.Weights;

/// <summary>scale; 16 bytes whose low halves are numbers 0 to 15 and whose high halves are 16 to 31. x = d (q - 8).</summary>
internal readonly struct Q40Block : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 18;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            ReadOnlySpan<byte> quants = blocks.Slice(2, 16);
            for (int i = 0; i < quants.Length; i++)
            {
                values[i] = scale * ((quants[i] & 15) - 8);
                values[i + 16] = scale * ((quants[i] >> 4) - 8);
            }
        }
    }
}
