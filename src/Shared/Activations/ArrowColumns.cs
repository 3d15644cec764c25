using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;

namespace Workbench.Activations;

/// <summary>Arrow arrays without nulls, made from lists.</summary>
internal static class ArrowColumns
{
    public static Int32Array Int32(List<int> values)
    {
        return new Int32Array(Buffer(values), ArrowBuffer.Empty, values.Count, 0, 0);
    }

    public static Int64Array Int64(List<long> values)
    {
        return new Int64Array(Buffer(values), ArrowBuffer.Empty, values.Count, 0, 0);
    }

    public static StringArray Text(List<string> values)
    {
        var offsets = new List<int>(values.Count + 1) { 0 };
        var bytes = new List<byte>();
        foreach (string value in values)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(value));
            offsets.Add(bytes.Count);
        }

        return new StringArray(values.Count, Buffer(offsets), Buffer(bytes), ArrowBuffer.Empty, 0, 0);
    }

    public static ArrowBuffer Buffer<T>(List<T> values)
        where T : unmanaged
    {
        return new ArrowBuffer(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)).ToArray());
    }
}
