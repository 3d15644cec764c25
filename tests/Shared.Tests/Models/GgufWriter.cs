using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>Writes a whole GGUF file: metadata by key, tensors as float32.</summary>
internal sealed class GgufWriter
{
    private const int Alignment = 32;
    private const uint ListType = 9;

    private readonly SortedDictionary<string, object> _metadata = new(StringComparer.Ordinal);
    private readonly List<(string Name, Tensor Tensor)> _tensors = [];

    /// <summary>Sets a value: text, bool, int (written as unsigned), double (written as single), or a list of text, int or float.</summary>
    public GgufWriter Set(string key, object value)
    {
        _metadata[key] = value;
        return this;
    }

    public GgufWriter Add(string name, Tensor tensor)
    {
        _tensors.Add((name, tensor.to(ScalarType.Float32).contiguous()));
        return this;
    }

    public byte[] ToArray()
    {
        GgufBytes bytes = new GgufBytes().Count((ulong)_tensors.Count).Count((ulong)_metadata.Count);
        foreach ((string key, object value) in _metadata)
        {
            _ = bytes.Text(key);
            Write(bytes, value);
        }

        ulong offset = 0;
        foreach ((string name, Tensor tensor) in _tensors)
        {
            _ = bytes.Tensor(name, [.. tensor.shape.Reverse().Select(size => (ulong)size)], (uint)GgufType.F32, offset);
            offset += (ulong)((tensor.numel() * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        }

        foreach ((_, Tensor tensor) in _tensors)
        {
            _ = bytes.Data(tensor.data<float>().ToArray());
        }

        return bytes.Data().ToArray();
    }

    private static void Write(GgufBytes bytes, object value)
    {
        _ = value switch
        {
            int number => bytes.Number(4).Number((uint)number),
            double real => bytes.Number(6).Number(BitConverter.SingleToUInt32Bits((float)real)),
            bool flag => bytes.Number(7).Byte(flag ? (byte)1 : (byte)0),
            string text => bytes.Number(8).Text(text),
            int[] numbers => List(bytes, 5, numbers, number => bytes.Number((uint)number)),
            float[] reals => List(bytes, 6, reals, real => bytes.Number(BitConverter.SingleToUInt32Bits(real))),
            string[] texts => List(bytes, 8, texts, text => bytes.Text(text)),
            _ => throw new ArgumentException($"{value.GetType()} has no form.", nameof(value)),
        };
    }

    private static GgufBytes List<T>(GgufBytes bytes, uint type, T[] items, Action<T> write)
    {
        _ = bytes.Number(ListType).Number(type).Count((ulong)items.Length);
        Array.ForEach(items, write);
        return bytes;
    }
}
