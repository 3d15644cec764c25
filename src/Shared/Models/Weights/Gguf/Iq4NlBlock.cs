namespace Workbench.Models.Weights;

/// <summary>scale; 32 4-bit numbers. x = d v(q), see <see cref="Iq4Values"/>.</summary>
internal readonly struct Iq4NlBlock : IGgufBlock
{
    public static int Values => 32;

    public static int Bytes => 18;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            Iq4Values.Decode(blocks.Slice(2, 16), GgufBlocks.Half(blocks, 0), values);
        }
    }
}
