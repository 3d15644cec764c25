using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// The few largest entries of a long row, of any sign, by falling value; of equal ones the lower column. One instance serves one
/// thread and is reused for its rows.
/// </summary>
/// <remarks>Entries above the least one held are found eight at a time, which after a short start are nearly none.</remarks>
internal sealed class LargestOfRow(int capacity)
{
    private readonly int[] _columns = new int[capacity];
    private readonly float[] _values = new float[capacity];
    private int _count;

    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, _count);

    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    private float Least => _count < capacity ? float.NegativeInfinity : _values[capacity - 1];

    /// <summary>Chooses from a float32 row; negative infinity is never chosen.</summary>
    public void Choose(ReadOnlySpan<float> row)
    {
        _count = 0;
        ref float first = ref MemoryMarshal.GetReference(row);
        int column = 0;
        for (; column <= row.Length - Vector256<float>.Count; column += Vector256<float>.Count)
        {
            Take(Vector256.LoadUnsafe(ref first, (nuint)column), column);
        }

        for (; column < row.Length; column++)
        {
            Offer(row[column], column);
        }
    }

    /// <summary>Chooses from a bfloat16 row, given by its bits.</summary>
    public void Choose(ReadOnlySpan<ushort> row)
    {
        _count = 0;
        ref ushort first = ref MemoryMarshal.GetReference(row);
        int column = 0;
        for (; column <= row.Length - Vector256<ushort>.Count; column += Vector256<ushort>.Count)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)column));
            Take((lower << 16).AsSingle(), column);
            Take((upper << 16).AsSingle(), column + Vector256<float>.Count);
        }

        for (; column < row.Length; column++)
        {
            Offer(BitConverter.UInt32BitsToSingle((uint)row[column] << 16), column);
        }
    }

    /// <summary>Empties the choice; entries may then be offered one by one, by rising column.</summary>
    public void Clear()
    {
        _count = 0;
    }

    public void Offer(float value, int column)
    {
        if (!(value > Least))
        {
            return;
        }

        int at = Math.Min(_count, capacity - 1);
        for (; at > 0 && _values[at - 1] < value; at--)
        {
            (_values[at], _columns[at]) = (_values[at - 1], _columns[at - 1]);
        }

        (_values[at], _columns[at]) = (value, column);
        _count = Math.Min(capacity, _count + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(Vector256<float> values, int column)
    {
        uint above = Vector256.GreaterThan(values, Vector256.Create(Least)).ExtractMostSignificantBits();
        for (; above != 0; above &= above - 1)
        {
            int lane = BitOperations.TrailingZeroCount(above);
            Offer(values.GetElement(lane), column + lane);
        }
    }
}
