using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>A GGUF file (version 3, little endian), read through a memory map.</summary>
public sealed class GgufFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly GgufHeader _header;

    private GgufFile(MappedFile file, GgufHeader header)
    {
        _file = file;
        _header = header;
    }

    /// <summary>Where the file is.</summary>
    public string Path => _file.Path;

    /// <summary>
    /// Metadata: byte, sbyte, ushort, short, uint, int, ulong, long, float, double, bool or string, or an array of one of these
    /// (<c>string[]</c>, <c>float[]</c>, ...).
    /// </summary>
    public IReadOnlyDictionary<string, object> Metadata => _header.Metadata;

    /// <summary>Tensors by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _header.Tensors;

    /// <summary>Opens a file and checks its header and the place of every tensor against its size.</summary>
    /// <exception cref="WorkbenchException">The file is missing, truncated, damaged, or of another version.</exception>
    public static GgufFile Open(string path)
    {
        var file = new MappedFile(path);
        try
        {
            return new GgufFile(file, GgufHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A metadata value, or null where the file has no such key.</summary>
    /// <exception cref="WorkbenchException">The value is of another type.</exception>
    public T? Find<T>(string key)
        where T : class
    {
        return !Metadata.TryGetValue(key, out object? value) ? null
            : value as T ?? throw new WorkbenchException($"{Path}: metadata '{key}' should be {typeof(T).Name} but is {value.GetType().Name}.");
    }

    /// <summary>An integer of the metadata, of whatever width, or null where the file has no such key.</summary>
    /// <exception cref="WorkbenchException">The value is no integer, or does not fit.</exception>
    public int? FindInt32(string key)
    {
        return !Metadata.TryGetValue(key, out object? value) ? null
            : value is byte or sbyte or ushort or short or uint or int or ulong or long
                && Convert.ToDecimal(value, null) is >= int.MinValue and <= int.MaxValue and var number
            ? (int)number
            : throw new WorkbenchException($"{Path}: metadata '{key}' should be an integer but is {value} ({value.GetType().Name}).");
    }

    /// <summary>A real number of the metadata, or null where the file has no such key.</summary>
    /// <exception cref="WorkbenchException">The value is no real number.</exception>
    public double? FindDouble(string key)
    {
        return !Metadata.TryGetValue(key, out object? value) ? null
            : value switch
            {
                float single => single,
                double real => real,
                _ => throw new WorkbenchException($"{Path}: metadata '{key}' should be a real number but is {value} ({value.GetType().Name})."),
            };
    }

    /// <summary>A tensor as float32, of the shape in <see cref="Tensors"/>; the caller owns it.</summary>
    /// <exception cref="WorkbenchException">There is no such tensor.</exception>
    public Tensor Dequantise(string name)
    {
        if (!Tensors.TryGetValue(name, out GgufTensor? tensor))
        {
            throw new WorkbenchException($"{Path} lacks tensor '{name}'; it holds {string.Join(", ", Tensors.Keys.Take(8))}{(Tensors.Count > 8 ? ", ..." : string.Empty)}.");
        }

        Tensor result = empty(tensor.Shape, ScalarType.Float32);
        GgufBlocks.Decode(_file, tensor, result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
    }
}
