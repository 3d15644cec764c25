using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Workbench.Features;

/// <summary>Arrow arrays without nulls, made from spans of numbers.</summary>
internal static class FeatureArrays
{
    public static Int32Array Int32(ReadOnlySpan<int> values)
    {
        return new Int32Array(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static Int64Array Int64(ReadOnlySpan<long> values)
    {
        return new Int64Array(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
    }

    public static FloatArray Float(ReadOnlySpan<float> values)
    {
        return new FloatArray(Buffer(values), ArrowBuffer.Empty, values.Length, 0, 0);
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
            offsets[i + 1] = offsets[i] + Encoding.UTF8.GetByteCount(values[i]);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(values));
        return new StringArray(values.Count, Buffer<int>(offsets), new ArrowBuffer(bytes), ArrowBuffer.Empty, 0, 0);
    }

    public static FixedSizeListArray Fixed(Schema schema, string name, IArrowArray items)
    {
        var type = (FixedSizeListType)schema.GetFieldByName(name).DataType;
        return new FixedSizeListArray(type, items.Length / type.ListSize, items, ArrowBuffer.Empty, 0, 0);
    }

    public static ListArray Lists(Schema schema, string name, ReadOnlySpan<int> offsets, IArrowArray items)
    {
        return new ListArray(schema.GetFieldByName(name).DataType, offsets.Length - 1, Buffer(offsets), items, ArrowBuffer.Empty, 0, 0);
    }

    public static ArrowBuffer Buffer<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        return new ArrowBuffer(MemoryMarshal.AsBytes(values).ToArray());
    }
}
