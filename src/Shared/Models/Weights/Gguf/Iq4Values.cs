namespace Workbench.Models.Weights;

/// <summary>The sixteen unevenly spaced numbers that the 4 bits of IQ4_NL and IQ4_XS choose from.</summary>
internal static class Iq4Values
{
    private static ReadOnlySpan<sbyte> Table => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Decodes 16 bytes, whose low halves are numbers 0 to 15 and whose high halves are 16 to 31.</summary>
    public static void Decode(ReadOnlySpan<byte> quants, float scale, Span<float> values)
    {
        for (int i = 0; i < 16; i++)
        {
            values[i] = scale * Table[quants[i] & 15];
            values[i + 16] = scale * Table[quants[i] >> 4];
        }
    }
}
