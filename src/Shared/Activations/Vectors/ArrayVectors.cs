using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Vectors in an array of a .npy, .npz or .safetensors file, read block by block.</summary>
internal sealed class ArrayVectors : IVectorSource
{
    private const int PartBytes = 1 << 24;

    private readonly ArrayFile _file;
    private readonly StoredArray _array;

    private ArrayVectors(ArrayFile file, StoredArray array)
    {
        _file = file;
        _array = array;
        Width = checked((int)array.Shape[^1]);
        Positions = array.Shape.Length == 3 ? checked((int)array.Shape[1]) : 1;
        Rows = array.Elements / Width;
    }

    public int Width { get; }

    public long Rows { get; }

    public int Positions { get; }

    public static ArrayVectors Open(ArrayFile file, string? name)
    {
        try
        {
            string[] matching = [.. file.Names.Where(array => name is null ? IsVectors(file.Find(array)!) : array == name)];
            return matching is [string only] && file.Find(only) is { } array && IsVectors(array)
                ? new ArrayVectors(file, array)
                : throw new WorkbenchException(
                    $"{file.Path} holds {file.Held}; expected one array of floating-point numbers [rows, width] or [sequences, positions, width]{(name is null ? ", or its name by --array" : $" named '{name}'")}.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IEnumerable<Tensor> Parts(long firstRow)
    {
        long sequence = (long)Positions * Width * _array.ElementBytes;
        long step = Math.Max(1, PartBytes / sequence) * Positions;
        using var reader = new ArrayReader(_array, Width, firstRow);
        for (long first = firstRow; first < Rows; first += step)
        {
            Tensor stored = torch.empty(Math.Min(step, Rows - first), Width, dtype: _array.Type);
            reader.Read(stored.bytes);
            if (_array.Type == torch.ScalarType.Float32)
            {
                yield return stored;
                continue;
            }

            using (stored)
            {
                yield return stored.to(torch.ScalarType.Float32);
            }
        }
    }

    public void Dispose()
    {
        _file.Dispose();
    }

    private static bool IsVectors(StoredArray array)
    {
        return array.Shape is { Length: 2 or 3 } shape && shape.All(size => size > 0)
            && array.Type is torch.ScalarType.Float32 or torch.ScalarType.Float64 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
    }
}
