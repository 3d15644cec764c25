using System.Text;

namespace Workbench.Shared.Tests.Models;

/// <summary>Writes GGUF headers, right or wrong, value by value.</summary>
internal sealed class GgufBytes
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public GgufBytes(uint version = 3, string magic = "GGUF")
    {
        _writer = new BinaryWriter(_bytes);
        _writer.Write(Encoding.ASCII.GetBytes(magic));
        _writer.Write(version);
    }

    public GgufBytes Count(ulong value)
    {
        _writer.Write(value);
        return this;
    }

    public GgufBytes Number(uint value)
    {
        _writer.Write(value);
        return this;
    }

    public GgufBytes Byte(byte value)
    {
        _writer.Write(value);
        return this;
    }

    public GgufBytes Text(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        _writer.Write((ulong)utf8.Length);
        _writer.Write(utf8);
        return this;
    }

    /// <summary>A line of the tensor list.</summary>
    public GgufBytes Tensor(string name, ulong[] sizes, uint type, ulong offset)
    {
        Text(name).Number((uint)sizes.Length);
        foreach (ulong size in sizes)
        {
            Count(size);
        }

        return Number(type).Count(offset);
    }

    /// <summary>Zeros up to the alignment, then data.</summary>
    public GgufBytes Data(params float[] values)
    {
        while (_bytes.Length % 32 != 0)
        {
            _writer.Write((byte)0);
        }

        foreach (float value in values)
        {
            _writer.Write(value);
        }

        return this;
    }

    public byte[] ToArray()
    {
        _writer.Flush();
        return _bytes.ToArray();
    }
}
