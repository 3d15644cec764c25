using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Workbench.Activations;

/// <summary>Arrow arrays without nulls, made from numbers and texts in memory.</summary>
internal static class ArrowColumns
{
    public static Int32Array Int32(ReadOnlySpan<int> values)
    {
        return new Int32Array(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static Int32Array Int32(List<int> values)
    {
        return Int32(CollectionsMarshal.AsSpan(values));
    }

    public static Int64Array Int64(ReadOnlySpan<long> values)
    {
        return new Int64Array(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static Int64Array Int64(List<long> values)
    {
        return Int64(CollectionsMarshal.AsSpan(values));
    }

    public static FloatArray Float(ReadOnlySpan<float> values)
    {
        return new FloatArray(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static FloatArray Float(List<float> values)
    {
        return Float(CollectionsMarshal.AsSpan(values));
    }

    public static DoubleArray Double(ReadOnlySpan<double> values)
    {
        return new DoubleArray(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static StringArray Text(List<string> values)
    {
        int[] offsets = new int[values.Count + 1];
        for (int i = 0; i < values.Count; i++)
        {
            offsets[i + 1] = checked(offsets[i] + Encoding.UTF8.GetByteCount(values[i]));
        }

        byte[] bytes = new byte[offsets[^1]];
        for (int i = 0; i < values.Count; i++)
        {
            Encoding.UTF8.GetBytes(values[i], bytes.AsSpan(offsets[i]));
        }

        return new StringArray(values.Count, Buffer<int>(offsets), new ArrowBuffer(bytes), ArrowBuffer.Empty, 0, 0);
    }

    /// <summary>A column of lists that all have the length that the schema states.</summary>
    public static FixedSizeListArray Fixed(Schema schema, string name, IArrowArray items)
    {
        var type = (FixedSizeListType)schema.GetFieldByName(name).DataType;
        return new FixedSizeListArray(type, items.Length / type.ListSize, items, ArrowBuffer.Empty, 0, 0);
    }

    /// <summary>A column of lists.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="name">Name of the column.</param>
    /// <param name="offsets">First item of each list, and the end.</param>
    /// <param name="items">The items of all lists.</param>
    public static ListArray Lists(Schema schema, string name, ReadOnlySpan<int> offsets, IArrowArray items)
    {
        return new ListArray(schema.GetFieldByName(name).DataType, offsets.Length - 1, Buffer(offsets), items, ArrowBuffer.Empty, 0, 0);
    }

    public static ArrowBuffer Buffer<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        return new ArrowBuffer(MemoryMarshal.AsBytes(values).ToArray());
    }

    public static ArrowBuffer Buffer<T>(List<T> values)
        where T : unmanaged
    {
        return Buffer<T>(CollectionsMarshal.AsSpan(values));
    }
}
