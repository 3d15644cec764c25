using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>A safetensors file, read through a memory map.</summary>
public sealed class SafetensorsFile : IStoredTensors
{
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(string path, SafetensorsHeader header)
    {
        Path = path;
        _header = header;
        Names = [.. header.Entries.Keys];
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Names of the tensors, in the order of the header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The free-form text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="WorkbenchException">The file is missing, truncated, or its header is not valid.</exception>
    public static SafetensorsFile Open(string path)
    {
        return new SafetensorsFile(path, SafetensorsHeader.Read(path));
    }

    /// <summary>Whether the file holds a tensor of this name.</summary>
    public bool Contains(string name)
    {
        return _header.Entries.ContainsKey(name);
    }

    /// <summary>Number type, shape and place of a tensor.</summary>
    /// <exception cref="WorkbenchException">There is no such tensor.</exception>
    public SafetensorsEntry Info(string name)
    {
        return _header.Entries.TryGetValue(name, out SafetensorsEntry? entry)
            ? entry
            : throw new WorkbenchException($"{Path} lacks tensor '{name}'; it holds {string.Join(", ", Names.Take(8))}{(Names.Count > 8 ? ", ..." : string.Empty)}.");
    }

    /// <summary>
    /// A tensor over the mapped file, copied only where it must be: it does not lie at a multiple of its element size, or
    /// <paramref name="type"/> asks for another number type. Writing to the result never changes the file.
    /// </summary>
    public Tensor Load(string name, ScalarType? type = null)
    {
        SafetensorsEntry entry = Info(name);
        Tensor stored = Stored(entry);
        if (type is null || type == entry.Type)
        {
            return stored;
        }

        using (stored)
        {
            return stored.to(type.Value);
        }
    }

    IReadOnlyCollection<string> IStoredTensors.Names => Names;

    ScalarType IStoredTensors.Type(string name)
    {
        return Info(name).Type;
    }

    long[] IStoredTensors.Shape(string name)
    {
        return Info(name).Shape;
    }

    Tensor IStoredTensors.Read(string name)
    {
        return Load(name);
    }

    private Tensor Stored(SafetensorsEntry entry)
    {
        int size = SafetensorsTypes.Size(entry.Type);
        if (entry.Length == 0)
        {
            return empty(entry.Shape, entry.Type);
        }

        if (entry.Offset % size != 0)
        {
            return Copied(entry);
        }

        using Tensor file = from_file(Path, shared: false, (entry.Offset + entry.Length) / size, entry.Type);
        using Tensor part = file.narrow(0, entry.Offset / size, entry.Length / size);
        return part.view(entry.Shape);
    }

    private Tensor Copied(SafetensorsEntry entry)
    {
        Tensor copy = empty(entry.Shape, entry.Type);
        using FileStream file = File.OpenRead(Path);
        file.Position = entry.Offset;
        file.ReadExactly(copy.bytes);
        return copy;
    }
}
