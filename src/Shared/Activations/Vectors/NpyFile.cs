using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>One NumPy array in a file of its own, memory-mapped.</summary>
internal sealed class NpyFile : IStoredTensors
{
    private readonly NpyHeader _header;

    public NpyFile(string path)
    {
        Path = path;
        try
        {
            using FileStream file = File.OpenRead(path);
            _header = NpyHeader.Read(file, path);
            if (_header.Bytes != file.Length - _header.Start)
            {
                throw new WorkbenchException($"{path} should hold {_header.Bytes} bytes of [{string.Join(", ", _header.Shape)}] and holds {file.Length - _header.Start}; export it again.");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read {path}: {unreadable.Message}", unreadable);
        }

        if (_header.IsFortran)
        {
            throw new WorkbenchException($"{path} is stored in column order; save it by numpy.ascontiguousarray.");
        }
    }

    public string Path { get; }

    public IReadOnlyCollection<string> Names { get; } = ["array"];

    public ScalarType Type(string name)
    {
        return _header.Type;
    }

    public long[] Shape(string name)
    {
        return _header.Shape;
    }

    public Tensor Read(string name)
    {
        long size = _header.Type.ElementSize();
        if (_header.Bytes == 0)
        {
            return empty(_header.Shape, _header.Type);
        }

        if (_header.Start % size != 0)
        {
            Tensor copy = empty(_header.Shape, _header.Type);
            using FileStream file = File.OpenRead(Path);
            file.Position = _header.Start;
            file.ReadExactly(copy.bytes);
            return copy;
        }

        using Tensor mapped = from_file(Path, shared: false, (_header.Start + (long)_header.Bytes) / size, _header.Type);
        using Tensor part = mapped.narrow(0, _header.Start / size, (long)_header.Bytes / size);
        return part.view(_header.Shape);
    }
}
