using System.Runtime.CompilerServices;

namespace Workbench.Dictionaries;

/// <summary>Scores as whole numbers in their order: of two equal scores the one in the lower column has the larger key.</summary>
public static class LargestKeys
{
    /// <summary>The key of a score that is not negative.</summary>
    /// <param name="score">The score.</param>
    /// <param name="column">Its column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float score, int column)
    {
        return ((ulong)BitConverter.SingleToUInt32Bits(score) << 32) | ~(uint)column;
    }

    /// <summary>The score of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(ulong key)
    {
        return BitConverter.UInt32BitsToSingle((uint)(key >> 32));
    }

    /// <summary>Moves the k largest keys to the front by quickselect, in no order, the least of them last.</summary>
    /// <param name="keys">Keys, at least <paramref name="k"/>.</param>
    /// <param name="k">How many, at least one.</param>
    /// <returns>The k-th largest key.</returns>
    public static ulong Select(Span<ulong> keys, int k)
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
