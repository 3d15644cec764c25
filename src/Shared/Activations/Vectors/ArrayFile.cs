using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;

namespace Workbench.Activations.Vectors;

/// <summary>A .npy, .npz or .safetensors file and the arrays in it.</summary>
internal sealed class ArrayFile : IDisposable
{
    private const string OnlyName = "array";
    private const int BufferBytes = 1 << 16;

    private readonly IDisposable? _owner;
    private readonly SortedDictionary<string, StoredArray> _arrays = new(StringComparer.Ordinal);

    private ArrayFile(string path, IDisposable? owner)
    {
        Path = path;
        _owner = owner;
    }

    public string Path { get; }

    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>What the file holds, for messages.</summary>
    public string Held => string.Join(", ", _arrays.Take(12).Select(array => $"{array.Key} {array.Value}"));

    public static bool IsOne(string path)
    {
        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".npy" or ".npz" or ".safetensors";
    }

    /// <exception cref="WorkbenchException">The file is absent or damaged, or holds something else than arrays of numbers.</exception>
    public static ArrayFile Open(string path)
    {
        return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => Npy(path),
            ".npz" => Npz(path),
            _ => Safetensors(path),
        };
    }

    public StoredArray? Find(string name)
    {
        return _arrays.GetValueOrDefault(name);
    }

    public void Dispose()
    {
        _owner?.Dispose();
    }

    private static ArrayFile Npy(string path)
    {
        NpyHeader header;
        try
        {
            using FileStream file = File.OpenRead(path);
            header = NpyHeader.Read(file, path);
            if (header.Bytes != file.Length - header.Start)
            {
                throw new WorkbenchException($"{path} should hold {header.Bytes} bytes of [{string.Join(", ", header.Shape)}] and holds {file.Length - header.Start}; export it again.");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read {path}: {unreadable.Message}", unreadable);
        }

        var opened = new ArrayFile(path, null);
        opened._arrays[OnlyName] = new StoredArray(path, header.Shape, header.Type, header.IsBigEndian, header.IsFortran, () => At(path, header.Start));
        return opened;
    }

    private static ArrayFile Npz(string path)
    {
        NpzFile file = NpzFile.Open(path);
        var opened = new ArrayFile(path, file);
        foreach (string name in file.Names)
        {
            NpyHeader header = file.Header(name);
            opened._arrays[name] = new StoredArray($"{path}: array '{name}'", header.Shape, header.Type, header.IsBigEndian, header.IsFortran, () => file.OpenNumbers(name));
        }

        return opened;
    }

    private static ArrayFile Safetensors(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        var opened = new ArrayFile(path, null);
        foreach (string name in file.Names)
        {
            SafetensorsEntry entry = file.Info(name);
            opened._arrays[name] = new StoredArray($"{path}: tensor '{name}'", entry.Shape, entry.Type, IsBigEndian: false, IsFortran: false, () => At(path, entry.Offset));
        }

        return opened;
    }

    private static FileStream At(string path, long start)
    {
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes) { Position = start };
    }
}
