using System.Buffers.Binary;
using TorchSharp;

namespace Workbench.Activations.Vectors;

/// <summary>The token ids of vectors made elsewhere, read in their order.</summary>
public sealed class TokenReader : IDisposable
{
    private readonly ArrayFile _file;
    private readonly StoredArray _array;
    private readonly ArrayReader _reader;
    private byte[] _bytes = [];

    private TokenReader(ArrayFile file, StoredArray array)
    {
        _file = file;
        _array = array;
        _reader = new ArrayReader(array, 1, 0);
    }

    /// <summary>Opens an array of whole numbers with one for each vector.</summary>
    /// <param name="path">A .npy, .npz or .safetensors file.</param>
    /// <param name="name">The array; null for the only one.</param>
    /// <param name="rows">How many are expected.</param>
    /// <exception cref="UsageException">Files of that ending are not read.</exception>
    /// <exception cref="WorkbenchException">The file is absent or damaged, or the array has another size or type.</exception>
    public static TokenReader Open(string path, string? name, long rows)
    {
        if (!ArrayFile.IsOne(path))
        {
            throw new UsageException($"--tokens '{path}' is not read; expected a .npy, .npz or .safetensors file.");
        }

        ArrayFile file = ArrayFile.Open(path);
        try
        {
            string array = name ?? (file.Names.Count == 1
                ? file.Names.First()
                : throw new WorkbenchException($"{path} holds {string.Join(", ", file.Names)}; name the tokens by --tokens FILE:ARRAY."));
            StoredArray found = file.Find(array)
                ?? throw new WorkbenchException($"{path} has no array '{array}'; it holds {string.Join(", ", file.Names)}.");
            bool isWhole = found.Type is torch.ScalarType.Int64 or torch.ScalarType.Int32 or torch.ScalarType.Int16;
            return isWhole && found.Elements == rows
                ? new TokenReader(file, found)
                : throw new WorkbenchException($"{path}: tokens '{array}' are {found}; expected {rows} whole numbers, one for each vector.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next ids.</summary>
    /// <param name="ids">Takes them.</param>
    /// <exception cref="WorkbenchException">The file is damaged, or an id is beyond 32 bits.</exception>
    public void Read(Span<int> ids)
    {
        int size = _array.ElementBytes;
        if (_bytes.Length < ids.Length * size)
        {
            _bytes = new byte[ids.Length * size];
        }

        Span<byte> bytes = _bytes.AsSpan(0, ids.Length * size);
        _reader.Read(bytes);
        for (int i = 0; i < ids.Length; i++)
        {
            ReadOnlySpan<byte> stored = bytes[(i * size)..];
            long id = size switch
            {
                8 => BinaryPrimitives.ReadInt64LittleEndian(stored),
                4 => BinaryPrimitives.ReadInt32LittleEndian(stored),
                _ => BinaryPrimitives.ReadInt16LittleEndian(stored),
            };
            ids[i] = id is >= 0 and <= int.MaxValue ? (int)id : throw new WorkbenchException($"{_array.What} has the token id {id}; expected 0 to {int.MaxValue}.");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }
}
