using TorchSharp;
using Workbench.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Vectors in an array of a .npy, .npz or .safetensors file.</summary>
internal sealed class ArrayVectors : IVectorSource
{
    private const int PartRows = 4096;

    private readonly IDisposable? _file;
    private readonly Tensor _rows;

    private ArrayVectors(IDisposable? file, Tensor array, long[] shape)
    {
        _file = file;
        Width = checked((int)shape[^1]);
        Positions = shape.Length == 3 ? checked((int)shape[1]) : 1;
        _rows = array.reshape(-1, Width).DetachFromDisposeScope();
    }

    public int Width { get; }

    public long Rows => _rows.shape[0];

    public int Positions { get; }

    public static ArrayVectors Open(IStoredTensors file, string? name)
    {
        try
        {
            string[] matching = [.. file.Names.Where(array => name is null ? IsVectors(file, array) : array == name)];
            if (matching is not [string only] || !IsVectors(file, only))
            {
                string held = string.Join(", ", file.Names.Take(12).Select(array => $"{array} {file.Type(array)} [{string.Join(", ", file.Shape(array))}]"));
                throw new WorkbenchException(
                    $"{file.Path} holds {held}; expected one array of floating-point numbers [rows, width] or [sequences, positions, width]{(name is null ? ", or its name by --array" : $" named '{name}'")}.");
            }

            using Tensor array = file.Read(only);
            return new ArrayVectors(file as IDisposable, array, file.Shape(only));
        }
        catch
        {
            (file as IDisposable)?.Dispose();
            throw;
        }
    }

    public IEnumerable<Tensor> Parts()
    {
        for (long first = 0; first < Rows; first += PartRows)
        {
            using Tensor part = _rows.narrow(0, first, Math.Min(PartRows, Rows - first));
            yield return part.to(torch.ScalarType.Float32, copy: true);
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _file?.Dispose();
    }

    private static bool IsVectors(IStoredTensors file, string name)
    {
        return file.Shape(name) is { Length: 2 or 3 } shape && shape.All(size => size > 0)
            && file.Type(name) is torch.ScalarType.Float32 or torch.ScalarType.Float64 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
    }
}
