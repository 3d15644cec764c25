using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>Scores as whole numbers in their order: of two equal scores the one in the lower column has the larger key.</summary>
internal static class LatentKeys
{
    /// <summary>The key of a score that is not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float score, int column)
    {
        return ((ulong)BitConverter.SingleToUInt32Bits(score) << 32) | ~(uint)column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(ulong key)
    {
        return BitConverter.UInt32BitsToSingle((uint)(key >> 32));
    }

    /// <summary>The k-th largest key, by quickselect; disorders the keys.</summary>
    public static ulong Largest(Span<ulong> keys, int k)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            ulong pivot = keys[(low + high) >>> 1];
            int left = low;
            int right = high;
            while (left <= right)
            {
                while (keys[left] > pivot)
                {
                    left++;
                }

                while (keys[right] < pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (keys[left], keys[right]) = (keys[right], keys[left]);
                    left++;
                    right--;
                }
            }

            if (k - 1 <= right)
            {
                high = right;
            }
            else if (k - 1 >= left)
            {
                low = left;
            }
            else
            {
                break;
            }
        }

        return keys[k - 1];
    }
}
