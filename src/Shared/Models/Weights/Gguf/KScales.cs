namespace Workbench.Models.Weights;

/// <summary>The eight 6-bit scales and minima that Q4_K and Q5_K pack into 12 bytes.</summary>
internal static class KScales
{
    public static int Scale(ReadOnlySpan<byte> packed, int group)
    {
        return group < 4 ? packed[group] & 63 : (packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4);
    }

    public static int Minimum(ReadOnlySpan<byte> packed, int group)
    {
        return group < 4 ? packed[group + 4] & 63 : (packed[group + 4] >> 4) | (packed[group] >> 6 << 4);
    }
}
