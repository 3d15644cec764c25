namespace Workbench.Activations.Vectors;

/// <summary>Opens files of vectors by the endings of their names.</summary>
public static class VectorFiles
{
    /// <summary>What <see cref="Open"/> reads, for help texts.</summary>
    public const string Known = ".npy, .npz, .safetensors, .parquet, .arrow or .feather";

    private static readonly string[] s_kinds = [".npy", ".npz", ".safetensors", ".parquet", ".arrow", ".feather"];

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

        return Kind(path) switch
        {
            ".npy" or ".npz" or ".safetensors" => ArrayVectors.Open(ArrayFile.Open(path), name),
            ".parquet" => ParquetVectors.Open(path, name),
            ".arrow" or ".feather" => ArrowVectors.Open(path, name),
            _ => throw new UsageException($"'{path}' is no file of vectors that is read; expected {Known}."),
        };
    }

    /// <summary>Opens the vectors of several files of one kind, one file after the other.</summary>
    /// <param name="paths">The files, at least one.</param>
    /// <param name="name">The array or column in each; null for the only one that holds vectors.</param>
    /// <exception cref="UsageException">Files of that ending are not read, or they are of several kinds.</exception>
    /// <exception cref="WorkbenchException">A file is absent or damaged, or its vectors are of another form than the first file's.</exception>
    public static IVectorSource Open(IReadOnlyList<string> paths, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.FirstOrDefault(path => Kind(path) != Kind(paths[0])) is { } other
            ? throw new UsageException($"{paths[0]} and {other} are of different kinds; import files of one kind at a time.")
            : paths.Count == 1 ? Open(paths[0], name) : new JoinedVectors(paths, name);
    }

    /// <summary>The files that are meant: a folder stands for the files of vectors in it, in the ordinal order of their names.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <exception cref="WorkbenchException">One does not exist, or a folder holds no such file.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. paths.SelectMany(path => File.Exists(path) ? [path] : Folder(path))];
    }

    private static IEnumerable<string> Folder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new WorkbenchException($"Vector file {path} does not exist; check the path.");
        }

        string[] files = [.. Directory.EnumerateFiles(path).Where(file => s_kinds.Contains(Kind(file))).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new WorkbenchException($"{path} holds no file of vectors; expected {Known}.");
    }

    private static string Kind(string path)
    {
        return Path.GetExtension(path).ToLowerInvariant();
    }
}
