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
/// cut to its k largest, which raises the threshold. The first threshold is a guess from the row before; where it proves too
/// high, the row is scanned again from zero. Of equal entries the one in the lower column is larger, so the choice depends on
/// the row alone. Choosing among positive entries equals top-k followed by ReLU.
/// </remarks>
public sealed class LargestEntries
{
    private const float Caution = 0.75f;

    private readonly int _capacity;
    private readonly ulong[] _keys;
    private readonly int[] _indices;
    private readonly float[] _values;
    private float _guess;
    private int _count;

    /// <summary>Prepares buffers for choosing up to <paramref name="k"/> entries of a row.</summary>
    public LargestEntries(int k)
    {
        K = k;
        _capacity = (2 * k) + 256;
        _keys = new ulong[_capacity + Vector256<short>.Count];
        _indices = new int[k];
        _values = new float[k];
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
        Scan(row, _guess);
        if (_count < K && _guess > 0)
        {
            Scan(row, 0);
        }

        Finish();
    }

    /// <summary>Chooses the k largest positive entries of a bfloat16 row, given by its bits.</summary>
    public void Choose(ReadOnlySpan<ushort> row)
    {
        Scan(row, _guess);
        if (_count < K && _guess > 0)
        {
            Scan(row, 0);
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

    private void Scan(ReadOnlySpan<float> row, float threshold)
    {
        _count = 0;
        int column = 0;
        ref float first = ref MemoryMarshal.GetReference(row);
        for (; column <= row.Length - Vector256<float>.Count; column += Vector256<float>.Count)
        {
            uint above = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)column), Vector256.Create(threshold)).ExtractMostSignificantBits();
            if (above != 0)
            {
                for (; above != 0; above &= above - 1)
                {
                    int at = column + BitOperations.TrailingZeroCount(above);
                    Add(Unsafe.Add(ref first, at), at);
                }

                threshold = _count >= _capacity ? Cut() : threshold;
            }
        }

        for (; column < row.Length; column++)
        {
            if (row[column] > threshold)
            {
                Add(row[column], column);
                threshold = _count >= _capacity ? Cut() : threshold;
            }
        }
    }

    /// <remarks>As signed integers, the bits of positive bfloat16 numbers are in the numbers' order, and negative ones are below.</remarks>
    private void Scan(ReadOnlySpan<ushort> row, float threshold)
    {
        _count = 0;
        short limit = Bits(threshold);
        int column = 0;
        ref ushort first = ref MemoryMarshal.GetReference(row);
        for (; column <= row.Length - Vector256<short>.Count; column += Vector256<short>.Count)
        {
            uint above = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)column).AsInt16(), Vector256.Create(limit)).ExtractMostSignificantBits();
            if (above != 0)
            {
                for (; above != 0; above &= above - 1)
                {
                    int at = column + BitOperations.TrailingZeroCount(above);
                    Add(Wide(Unsafe.Add(ref first, at)), at);
                }

                limit = _count >= _capacity ? Bits(Cut()) : limit;
            }
        }

        for (; column < row.Length; column++)
        {
            if ((short)row[column] > limit)
            {
                Add(Wide(row[column]), column);
                limit = _count >= _capacity ? Bits(Cut()) : limit;
            }
        }
    }

    private static short Bits(float value)
    {
        return (short)(BitConverter.SingleToUInt32Bits(value) >> 16);
    }

    private static float Wide(ushort bits)
    {
        return BitConverter.UInt32BitsToSingle((uint)bits << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(float value, int column)
    {
        _keys[_count++] = LargestKeys.Of(value, column);
    }

    private void Finish()
    {
        float least = _count >= K ? Cut() : 0;
        _guess = least * Caution;
        for (int i = 0; i < _count; i++)
        {
            _indices[i] = (int)~(uint)_keys[i];
            _values[i] = LargestKeys.Score(_keys[i]);
        }

        Array.Sort(_indices, _values, 0, _count);
    }

    /// <summary>Moves the k largest to the front, forgets the rest, and returns the smallest value that is left.</summary>
    private float Cut()
    {
        ulong least = LargestKeys.Select(_keys.AsSpan(0, _count), K);
        _count = Math.Min(_count, K);
        return LargestKeys.Score(least);
    }
}
