using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Npz;

/// <summary>A .npz file: a zip of .npy arrays. Arrays of Python objects are refused.</summary>
internal sealed class NpzFile : IStoredTensors, IDisposable
{
    /// <summary>Deflate makes at most this many bytes of one.</summary>
    private const long MostExpansion = 1032;

    private const string Ending = ".npy";

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, (ZipArchiveEntry Entry, NpyHeader Header)> _arrays = new(StringComparer.Ordinal);

    private NpzFile(string path, ZipArchive archive)
    {
        Path = path;
        _archive = archive;
    }

    public string Path { get; }

    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>Opens a file and reads the headers of its arrays.</summary>
    /// <exception cref="WorkbenchException">It is absent, damaged, or holds something else than arrays of numbers.</exception>
    public static NpzFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            var opened = new NpzFile(path, new ZipArchive(file, ZipArchiveMode.Read));
            foreach (ZipArchiveEntry entry in opened._archive.Entries)
            {
                opened.Add(entry, file.Length);
            }

            return opened;
        }
        catch (InvalidDataException damaged)
        {
            file?.Dispose();
            throw new WorkbenchException($"{path} is not a whole zip archive ({damaged.Message.TrimEnd('.')}); fetch it again.", damaged);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    public ScalarType Type(string name)
    {
        return _arrays[name].Header.Type;
    }

    public long[] Shape(string name)
    {
        return _arrays[name].Header.Shape;
    }

    public NpyHeader Header(string name)
    {
        return _arrays[name].Header;
    }

    /// <summary>Opens a stream at an array's first number.</summary>
    public Stream OpenNumbers(string name)
    {
        Stream stream = _arrays[name].Entry.Open();
        _ = NpyHeader.Read(stream, What(name));
        return stream;
    }

    public Tensor Read(string name)
    {
        NpyHeader header = Header(name);
        using var scope = NewDisposeScope();
        Tensor flat = empty([header.Shape.Aggregate(1L, (product, size) => product * size)], header.Type);
        try
        {
            using Stream stream = OpenNumbers(name);
            Fill(flat, stream, name);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            throw new WorkbenchException($"{What(name)} cannot be unpacked ({failure.Message.TrimEnd('.')}); the file is damaged, fetch it again.", failure);
        }

        Tensor shaped = header.IsFortran ? flat.view([.. header.Shape.Reverse()]).permute([.. Enumerable.Range(0, header.Shape.Length).Reverse().Select(axis => (long)axis)]) : flat.view(header.Shape);
        return shaped.contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _archive.Dispose();
    }

    private void Fill(Tensor flat, Stream stream, string name)
    {
        const long Step = 1 << 26;
        for (long first = 0; first < flat.shape[0]; first += Step)
        {
            using Tensor part = flat.narrow(0, first, Math.Min(Step, flat.shape[0] - first));
            Span<byte> bytes = part.bytes;
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new WorkbenchException($"{What(name)} ends early; the file is damaged, fetch it again.");
            }

            if (Header(name).IsBigEndian)
            {
                ByteOrder.Reverse(bytes, (int)flat.dtype.ElementSize());
            }
        }
    }

    private string What(string name)
    {
        return $"{Path}: array '{name}'";
    }

    private void Add(ZipArchiveEntry entry, long fileLength)
    {
        string name = entry.FullName.EndsWith(Ending, StringComparison.Ordinal)
            ? entry.FullName[..^Ending.Length]
            : throw new WorkbenchException($"{Path} holds '{entry.FullName}', where arrays ({Ending}) alone were expected.");
        using Stream stream = entry.Open();
        NpyHeader header = NpyHeader.Read(stream, What(name));
        Int128 most = (Int128)Math.Min(entry.CompressedLength, fileLength) * MostExpansion;
        if (header.Bytes > most || header.Bytes > entry.Length - header.Start || !_arrays.TryAdd(name, (entry, header)))
        {
            throw new WorkbenchException(
                $"{What(name)} claims the shape [{string.Join(", ", header.Shape)}] of {header.Type}, but has {entry.Length:N0} bytes, or stands twice; the file is damaged.");
        }
    }
}
