using Workbench.Models.Weights;
using Workbench.Models.Weights.Npz;

namespace Workbench.Activations.Vectors;

/// <summary>Opens files of vectors by the endings of their names.</summary>
public static class VectorFiles
{
    /// <summary>What <see cref="Open"/> reads, for help texts.</summary>
    public const string Known = ".npy, .npz, .safetensors, .parquet, .arrow or .feather";

    /// <summary>Opens vectors: an array [rows, width] or [sequences, positions, width], or a column of lists of one length.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The array or column; null for the only one that holds vectors.</param>
    /// <exception cref="UsageException">Files of that ending are not read.</exception>
    /// <exception cref="WorkbenchException">The file is absent or damaged, or the array is not of that form.</exception>
    public static IVectorSource Open(string path, string? name = null)
    {
        if (!File.Exists(path))
        {
            throw new WorkbenchException($"Vector file {path} does not exist; check the path.");
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => ArrayVectors.Open(new NpyFile(path), name),
            ".npz" => ArrayVectors.Open(NpzFile.Open(path), name),
            ".safetensors" => ArrayVectors.Open(SafetensorsFile.Open(path), name),
            ".parquet" => ParquetVectors.Open(path, name),
            ".arrow" or ".feather" => ArrowVectors.Open(path, name),
            _ => throw new UsageException($"'{path}' is no file of vectors that is read; expected {Known}."),
        };
    }

    /// <summary>The token ids of vectors: an array of whole numbers with one for each vector.</summary>
    /// <param name="path">A .npy, .npz or .safetensors file.</param>
    /// <param name="name">The array; null for the only one.</param>
    /// <param name="rows">How many are expected.</param>
    /// <exception cref="WorkbenchException">The file is damaged, or the array has another size or type.</exception>
    public static int[] TokenIds(string path, string? name, long rows)
    {
        IStoredTensors file = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => new NpyFile(path),
            ".npz" => NpzFile.Open(path),
            ".safetensors" => SafetensorsFile.Open(path),
            _ => throw new UsageException($"--tokens '{path}' is not read; expected a .npy, .npz or .safetensors file."),
        };
        using var owner = file as IDisposable;
        return TokenArray.Read(file, name, rows);
    }
}
