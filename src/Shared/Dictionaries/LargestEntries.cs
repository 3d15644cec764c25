using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Workbench.Dictionaries;

/// <summary>
/// Finds the largest positive entries of rows of pre-activations. One instance serves one thread and is reused for its rows.
/// </summary>
/// <remarks>
/// A row is scanned once against a running threshold; entries above it are collected, and whenever the collection is full it is
/// cut to its k largest, which raises the threshold. Most vectors of a row hold no candidate and cost one comparison.
/// Choosing among positive entries alone equals top-k followed by ReLU.
/// </remarks>
public sealed class LargestEntries
{
    private readonly int _capacity;
    private readonly float[] _values;
    private readonly int[] _indices;
    private int _count;

    /// <summary>Prepares buffers for choosing up to <paramref name="k"/> entries of a row.</summary>
    public LargestEntries(int k)
    {
        K = k;
        _capacity = (2 * k) + 256;
        _values = new float[_capacity + Vector512<float>.Count];
        _indices = new int[_capacity + Vector512<float>.Count];
    }

    /// <summary>Most entries chosen of a row.</summary>
    public int K { get; }

    /// <summary>Chosen columns, ascending; valid until the next choice.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    /// <summary>Chosen values, in the order of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    /// <summary>Chooses the k largest positive entries of a float32 row; fewer where fewer are positive.</summary>
    public void Choose(ReadOnlySpan<float> row)
    {
        _count = 0;
        float threshold = 0;
        int column = 0;
        ref float first = ref MemoryMarshal.GetReference(row);
        for (; column <= row.Length - Vector256<float>.Count; column += Vector256<float>.Count)
        {
            var entries = Vector256.LoadUnsafe(ref first, (nuint)column);
            threshold = Collect(entries, column, threshold);
        }

        for (; column < row.Length; column++)
        {
            if (row[column] > threshold)
            {
                threshold = Add(row[column], column, threshold);
            }
        }

        Finish();
    }

    /// <summary>Chooses the k largest positive entries of a bfloat16 row, given by its bits.</summary>
    public void Choose(ReadOnlySpan<ushort> row)
    {
        _count = 0;
        float threshold = 0;
        int column = 0;
        ref ushort first = ref MemoryMarshal.GetReference(row);
        for (; column <= row.Length - Vector256<ushort>.Count; column += Vector256<ushort>.Count)
        {
            var bits = Vector256.LoadUnsafe(ref first, (nuint)column);
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(bits);
            threshold = Collect((lower << 16).AsSingle(), column, threshold);
            threshold = Collect((upper << 16).AsSingle(), column + Vector256<float>.Count, threshold);
        }

        for (; column < row.Length; column++)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)row[column] << 16);
            if (value > threshold)
            {
                threshold = Add(value, column, threshold);
            }
        }

        Finish();
    }

    /// <summary>Takes all entries of a row that are positive and above their column's threshold.</summary>
    /// <param name="row">Pre-activations.</param>
    /// <param name="thresholds">One threshold a column, or empty for zero.</param>
    /// <param name="indices">Receives the columns, ascending; as long as the row.</param>
    /// <param name="values">Receives the values; as long as the row.</param>
    /// <returns>Number of entries taken.</returns>
    public static int Above(ReadOnlySpan<float> row, ReadOnlySpan<float> thresholds, Span<int> indices, Span<float> values)
    {
        int count = 0;
        for (int column = 0; column < row.Length; column++)
        {
            float limit = thresholds.IsEmpty ? 0 : MathF.Max(thresholds[column], 0);
            if (row[column] > limit)
            {
                indices[count] = column;
                values[count++] = row[column];
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Collect(Vector256<float> entries, int column, float threshold)
    {
        uint above = Vector256.GreaterThan(entries, Vector256.Create(threshold)).ExtractMostSignificantBits();
        return above == 0 ? threshold : CollectSome(entries, column, threshold, above);
    }

    private float CollectSome(Vector256<float> entries, int column, float threshold, uint above)
    {
        for (; above != 0; above &= above - 1)
        {
            int lane = BitOperations.TrailingZeroCount(above);
            _values[_count] = entries.GetElement(lane);
            _indices[_count++] = column + lane;
        }

        return _count >= _capacity - Vector256<float>.Count ? Cut() : threshold;
    }

    private float Add(float value, int column, float threshold)
    {
        _values[_count] = value;
        _indices[_count++] = column;
        return _count >= _capacity - Vector256<float>.Count ? Cut() : threshold;
    }

    private void Finish()
    {
        if (_count > K)
        {
            Cut();
        }

        Array.Sort(_indices, _values, 0, _count);
    }

    /// <summary>Moves the k largest to the front by quickselect, forgets the rest, and returns the smallest that is left.</summary>
    private float Cut()
    {
        int low = 0;
        int high = _count - 1;
        while (low < high)
        {
            float pivot = _values[(low + high) >>> 1];
            int left = low;
            int right = high;
            while (left <= right)
            {
                while (_values[left] > pivot)
                {
                    left++;
                }

                while (_values[right] < pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (_values[left], _values[right]) = (_values[right], _values[left]);
                    (_indices[left], _indices[right]) = (_indices[right], _indices[left]);
                    left++;
                    right--;
                }
            }

            if (K - 1 <= right)
            {
                high = right;
            }
            else if (K - 1 >= left)
            {
                low = left;
            }
            else
            {
                break;
            }
        }

        _count = Math.Min(_count, K);
        return System.Numerics.Tensors.TensorPrimitives.Min(_values.AsSpan(0, _count));
    }
}
