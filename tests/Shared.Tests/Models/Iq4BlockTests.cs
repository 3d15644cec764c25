using Workbench.Models.Weights;

namespace Workbench.Shared.Tests.Models;

public sealed class Iq4BlockTests
{
    private static readonly int[] s_levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    [Fact]
    public void Numbers_packed_as_IQ4_NL_come_back()
    {
        var random = new Random(1);
        int[] codes = Codes(32, random);
        byte[] block = new byte[18];
        BitConverter.TryWriteBytes(block, (Half)0.375f).ShouldBeTrue();
        Pack(codes, block.AsSpan(2));
        float[] values = new float[32];
        Iq4NlBlock.Decode(block, values);
        values.ShouldBe(codes.Select(code => 0.375f * s_levels[code]));
    }

    [Fact]
    public void Numbers_packed_as_IQ4_XS_come_back()
    {
        var random = new Random(2);
        int[] codes = Codes(512, random);
        int[] scales = [.. Enumerable.Range(0, 16).Select(_ => random.Next(64))];
        byte[] blocks = new byte[272];
        for (int block = 0; block < 2; block++)
        {
            Span<byte> bytes = blocks.AsSpan(136 * block, 136);
            BitConverter.TryWriteBytes(bytes, (Half)(block + 0.25f)).ShouldBeTrue();
            for (int group = 0; group < 8; group++)
            {
                int scale = scales[(8 * block) + group];
                bytes[2 + (group / 4)] |= (byte)(scale / 16 << (group % 4 * 2));
                bytes[4 + (group / 2)] |= (byte)(scale % 16 << (group % 2 * 4));
                Pack(codes.AsSpan((256 * block) + (32 * group), 32), bytes[(8 + (16 * group))..]);
            }
        }

        float[] values = new float[512];
        Iq4XsBlock.Decode(blocks, values);
        values.ShouldBe(codes.Select((code, i) => ((i / 256) + 0.25f) * (scales[i / 32] - 32) * s_levels[code]));
    }

    private static int[] Codes(int count, Random random)
    {
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(16))];
    }

    private static void Pack(ReadOnlySpan<int> codes, Span<byte> bytes)
    {
        for (int i = 0; i < 16; i++)
        {
            bytes[i] = (byte)(codes[i] + (16 * codes[i + 16]));
        }
    }
}
