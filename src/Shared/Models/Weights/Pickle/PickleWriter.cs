using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Pickle;

/// <summary>Writes a pickle of protocol 2 as torch.save does: tensors, numbers, strings, lists, tuples and dictionaries.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly List<Tensor> _storages = [];

    /// <summary>The pickle of a value, and the tensors whose memory becomes <c>data/0</c>, <c>data/1</c>, ...</summary>
    public static (byte[] Pickle, IReadOnlyList<Tensor> Storages) Write(object? root)
    {
        var writer = new PickleWriter();
        writer._bytes.Write([0x80, 2]);
        writer.Value(root);
        writer.Opcode('.');
        return (writer._bytes.ToArray(), writer._storages);
    }

    private void Opcode(char opcode)
    {
        _bytes.WriteByte((byte)opcode);
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case null: Opcode('N'); break;
            case bool truth: _bytes.WriteByte(truth ? (byte)0x88 : (byte)0x89); break;
            case int number: Whole(number); break;
            case long number: Whole(number); break;
            case double number: Real(number); break;
            case string text: Text(text); break;
            case Tensor tensor: Tensor(tensor); break;
            case object?[] tuple: Tuple(tuple); break;
            case List<object?> list: List(list); break;
            case PickleDictionary dictionary: Dictionary(dictionary); break;
            default: throw new ArgumentException($"A {value.GetType().Name} has no form in a .pt file.", nameof(value));
        }
    }

    private void Whole(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            Opcode('J');
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)number);
            _bytes.Write(bytes);
            return;
        }

        _bytes.Write([0x8a, 8]);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(wide, number);
        _bytes.Write(wide);
    }

    private void Real(double number)
    {
        Opcode('G');
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        _bytes.Write(bytes);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Opcode('X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        _bytes.Write(length);
        _bytes.Write(utf8);
    }

    private void Global(string module, string name)
    {
        _bytes.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
    }

    private void Tuple(object?[] values)
    {
        Opcode('(');
        Array.ForEach(values, Value);
        Opcode('t');
    }

    private void List(List<object?> values)
    {
        Opcode(']');
        Opcode('(');
        values.ForEach(Value);
        Opcode('e');
    }

    private void EmptyOrdered()
    {
        Global("collections", "OrderedDict");
        Opcode(')');
        Opcode('R');
    }

    private void Dictionary(PickleDictionary dictionary)
    {
        if (dictionary.IsOrdered)
        {
            EmptyOrdered();
        }
        else
        {
            Opcode('}');
        }

        Opcode('(');
        foreach ((object key, object? value) in dictionary.Entries)
        {
            Value(key);
            Value(value);
        }

        Opcode('u');
        if (dictionary.Attributes is not null)
        {
            Dictionary(dictionary.Attributes);
            Opcode('b');
        }
    }

    private void Tensor(Tensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Opcode('(');
        Opcode('(');
        Text("storage");
        Global("torch", TorchTypes.Storage(tensor.dtype));
        Text(_storages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Whole(tensor.numel());
        Opcode('t');
        Opcode('Q');
        Whole(0);
        Tuple([.. tensor.shape.Cast<object?>()]);
        Tuple([.. tensor.stride().Cast<object?>()]);
        Value(false);
        EmptyOrdered();
        Opcode('t');
        Opcode('R');
        _storages.Add(tensor);
    }
}
