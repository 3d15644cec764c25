using System.Runtime.InteropServices;

namespace Workbench.Models.Weights;

/// <summary>
/// scale; two high bits of each of eight 6-bit scales, in 16 bits; their four low bits, two to a byte; 256 4-bit numbers.
/// x = d (s - 32) v(q), see <see cref="Iq4Values"/>.
/// </summary>
internal readonly struct Iq4XsBlock : IGgufBlock
{
    public static int Values => 256;

    public static int Bytes => 136;

    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[Bytes..], values = values[Values..])
        {
            float scale = GgufBlocks.Half(blocks, 0);
            ushort high = MemoryMarshal.Read<ushort>(blocks[2..]);
            for (int group = 0; group < 8; group++)
            {
                int low = (blocks[4 + (group / 2)] >> (group % 2 * 4)) & 15;
                int factor = low | (((high >> (2 * group)) & 3) << 4);
                Iq4Values.Decode(blocks.Slice(8 + (group * 16), 16), scale * (factor - 32), values.Slice(group * 32, 32));
            }
        }
    }
}
