namespace Workbench.Models.Weights.Pickle;

/// <summary>
/// Reads the pickles that torch.save writes of tensors, numbers, strings, lists, tuples and dictionaries. It runs nothing: names
/// are compared with a list, and any other name or opcode is refused. Depth costs no stack, shared parts stay shared.
/// </summary>
internal sealed class PickleReader
{
    /// <summary>Most bytes a pickle may have; tensors' numbers are not in it.</summary>
    public const int MostBytes = 16 << 20;

    private const int MostOperations = 1_000_000;

    private readonly PickleInput _input;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleReader(PickleInput input)
    {
        _input = input;
    }

    /// <summary>Reads one pickle.</summary>
    /// <returns>
    /// null, bool, long, double, string, <see cref="List{T}"/> (list), an array (tuple), <see cref="PickleDictionary"/> or
    /// <see cref="TorchTensor"/>.
    /// </returns>
    /// <exception cref="WorkbenchException">It is damaged, or holds an opcode or a name that is not on the list.</exception>
    public static object? Read(PickleInput input)
    {
        return new PickleReader(input).Run();
    }

    private object? Run()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            byte opcode = _input.Byte();
            if (opcode == (byte)'.')
            {
                return _stack.Count == 1 && _marks.Count == 0 && _stack[0] is not (PickleGlobal or TorchStorage)
                    ? _stack[0]
                    : throw _input.Bad("STOP stands where something is still open");
            }

            Step(opcode);
        }

        throw _input.Bad($"more than {MostOperations:N0} operations stand");
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Protocol(_input.Byte()); break;
            case 0x95: _ = _input.Length64(); break;
            case (byte)'(': _marks.Add(_stack.Count); break;
            case (byte)'0': _ = Pop(); break;
            case (byte)'1': _ = PopToMark(); break;
            case (byte)'2': _stack.Add(Peek()); break;
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'J': _stack.Add((long)_input.Int32()); break;
            case (byte)'K': _stack.Add((long)_input.Byte()); break;
            case (byte)'M': _stack.Add((long)_input.UInt16()); break;
            case 0x8a: _stack.Add(_input.WholeNumber(_input.Byte())); break;
            case 0x8b: _stack.Add(_input.WholeNumber(_input.UInt32())); break;
            case (byte)'G': _stack.Add(_input.Double()); break;
            case (byte)'U' or 0x8c: _stack.Add(_input.Text(_input.Byte())); break;
            case (byte)'T' or (byte)'X': _stack.Add(_input.Text(_input.UInt32())); break;
            case 0x8d: _stack.Add(_input.Text(_input.Length64())); break;
            case (byte)'}': _stack.Add(new PickleDictionary()); break;
            case (byte)']': _stack.Add(new List<object?>()); break;
            case (byte)')': _stack.Add(Array.Empty<object?>()); break;
            case (byte)'t': _stack.Add(PopToMark()); break;
            case 0x85 or 0x86 or 0x87: _stack.Add(Pop(opcode - 0x84)); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': SetItems(Pop(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': _memo[_input.Byte()] = Peek(); break;
            case (byte)'r': _memo[_input.UInt32()] = Peek(); break;
            case 0x94: _memo[_memo.Count] = Peek(); break;
            case (byte)'h': _stack.Add(Remembered(_input.Byte())); break;
            case (byte)'j': _stack.Add(Remembered(_input.UInt32())); break;
            case (byte)'c': Global(_input.Line(), _input.Line()); break;
            case 0x93: Global(Pop(2)); break;
            case (byte)'Q': _stack.Add(TorchObjects.Storage(Pop(), _input)); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw _input.Bad($"opcode {PickleOpcodes.Name(opcode)}, which a file of tensors does not need, is refused");
        }
    }

    private void Protocol(byte version)
    {
        if (version is < 2 or > 5)
        {
            throw _input.Bad($"pickle protocol {version} stands where 2 to 5 were expected");
        }
    }

    private object? Peek()
    {
        return _stack.Count > Floor ? _stack[^1] : throw _input.Bad("a value is missing");
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Pop(int count)
    {
        if (_stack.Count - count < Floor)
        {
            throw _input.Bad("a value is missing");
        }

        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw _input.Bad("a MARK is missing");
        }

        object?[] values = Pop(_stack.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private void Append(object?[] values)
    {
        (Peek() as List<object?> ?? throw _input.Bad("something is appended to what is no list")).AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        PickleDictionary target = Peek() as PickleDictionary ?? throw _input.Bad("an item is set in what is no dictionary");
        if (pairs.Length % 2 != 0)
        {
            throw _input.Bad("a key has no value");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            object key = pairs[i] is string or long ? pairs[i]! : throw _input.Bad("a key is neither a text nor a whole number");
            target[key] = pairs[i + 1];
        }
    }

    private object? Remembered(long index)
    {
        return _memo.TryGetValue(index, out object? value) ? value : throw _input.Bad($"memo {index} is used before it is set");
    }

    private void Global(object?[] names)
    {
        if (names is not [string module, string name])
        {
            throw _input.Bad("a global is named by what is no text");
        }

        Global(module, name);
    }

    private void Global(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        _stack.Add(global.IsKnown
            ? global
            : throw _input.Bad($"the global {module}.{name}, which a file of tensors does not need, is refused"));
    }

    private void Reduce()
    {
        object?[] call = Pop(2);
        _stack.Add(call is [PickleGlobal callee, object?[] arguments]
            ? TorchObjects.Call(callee, arguments, _input)
            : throw _input.Bad("REDUCE calls what is not a known name with a tuple"));
    }

    private void Build()
    {
        object? state = Pop();
        if (Peek() is not PickleDictionary { IsOrdered: true } target || state is not PickleDictionary attributes)
        {
            throw _input.Bad("BUILD sets the state of what is no OrderedDict with a dictionary");
        }

        target.Attributes = attributes;
    }
}
