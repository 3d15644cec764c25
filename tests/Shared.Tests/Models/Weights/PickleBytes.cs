using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Workbench.Shared.Tests.Models.Weights;

/// <summary>Writes pickles opcode by opcode and archives of them, sound or not.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _written = [0x80, 2];

    public PickleBytes Op(params ReadOnlySpan<byte> bytes)
    {
        _written.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(char opcode)
    {
        return Op((byte)opcode);
    }

    public PickleBytes Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Op('X').Op(BitConverter.GetBytes(utf8.Length));
        return Op(utf8);
    }

    public PickleBytes Whole(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Op('J').Op(bytes);
    }

    public PickleBytes Long(long number)
    {
        return Op(0x8a, 8).Op(BitConverter.GetBytes(number));
    }

    public PickleBytes Global(string module, string name)
    {
        return Op(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
    }

    /// <summary>A float tensor in a storage.</summary>
    public PickleBytes Tensor(string key, long storage, long offset, long[] shape, long[] strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        Op('(').Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu").Long(storage).Op('t').Op('Q');
        Long(offset);
        Op('(');
        Array.ForEach(shape, size => Long(size));
        Op('t').Op('(');
        Array.ForEach(strides, step => Long(step));
        return Op('t').Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
    }

    public byte[] Stop()
    {
        return [.. _written, (byte)'.'];
    }

    /// <summary>An archive as torch.save writes it.</summary>
    public static void Save(string path, byte[] pickle, params (string Key, byte[] Bytes)[] storages)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Add(archive, "ae/data.pkl", pickle, CompressionLevel.NoCompression);
        foreach ((string key, byte[] bytes) in storages)
        {
            Add(archive, $"ae/data/{key}", bytes, CompressionLevel.NoCompression);
        }

        Add(archive, "ae/version", "3\n"u8.ToArray(), CompressionLevel.NoCompression);
    }

    public static void Add(ZipArchive archive, string name, byte[] bytes, CompressionLevel level)
    {
        using Stream stream = archive.CreateEntry(name, level).Open();
        stream.Write(bytes);
    }
}
