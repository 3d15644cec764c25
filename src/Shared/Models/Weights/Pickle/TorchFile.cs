using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Pickle;

/// <summary>A file of torch.save: a zip with one restricted pickle and the storages that its tensors lie in.</summary>
internal sealed class TorchFile : IDisposable
{
    private static readonly byte[] s_legacyStart = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

    private readonly FileStream _file;
    private readonly ZipArchive _archive;
    private readonly string _folder;

    private TorchFile(string path, FileStream file, ZipArchive archive, string folder)
    {
        Path = path;
        _file = file;
        _archive = archive;
        _folder = folder;
    }

    public string Path { get; }

    /// <summary>What the pickle holds.</summary>
    public object? Root { get; private set; }

    /// <summary>Opens a file and reads its pickle; no tensor is read yet.</summary>
    /// <exception cref="WorkbenchException">It is absent, damaged, of another layout, or holds anything but tensors and plain values.</exception>
    public static TorchFile Open(string path)
    {
        FileStream file = OpenFile(path);
        try
        {
            RefuseLegacy(path, file);
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            ZipArchiveEntry pickle = archive.Entries.SingleOrDefault(entry => entry.Name == "data.pkl" && entry.FullName.Count(c => c == '/') == 1)
                ?? throw new WorkbenchException($"{path} is a zip without the data.pkl of torch.save; it is not a .pt file.");
            var opened = new TorchFile(path, file, archive, pickle.FullName[..^"data.pkl".Length]);
            opened.RefuseBigEndian();
            opened.Root = PickleReader.Read(new PickleInput(path, opened.Bytes(pickle, PickleReader.MostBytes)));
            return opened;
        }
        catch (InvalidDataException damaged)
        {
            file.Dispose();
            throw new WorkbenchException($"{path} is not a whole zip archive ({damaged.Message.TrimEnd('.')}); it was cut off or is not a .pt file, fetch it again.", damaged);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor, honouring its strides.</summary>
    /// <param name="tensor">One of this file's.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <returns>A contiguous tensor on the CPU.</returns>
    /// <exception cref="WorkbenchException">Its storage is absent, compressed, or too short for size and stride.</exception>
    public Tensor Read(TorchTensor tensor, string name)
    {
        string entryName = $"{_folder}data/{tensor.Key}";
        ZipArchiveEntry entry = _archive.GetEntry(entryName)
            ?? throw new WorkbenchException($"{Path}: tensor '{name}' lies in {entryName}, which the archive lacks; the file is damaged.");
        long size = tensor.Type.ElementSize();
        long held = Math.Min(entry.Length, entry.CompressedLength) / size;
        if (entry.Length != entry.CompressedLength)
        {
            throw new WorkbenchException($"{Path}: {entryName} of tensor '{name}' is compressed, which torch.save never does; save it again.");
        }

        if (tensor.Needed > Math.Min(held, tensor.StorageLength) || tensor.Elements > held || entry.Length > _file.Length)
        {
            throw new WorkbenchException(
                $"{Path}: tensor '{name}' of size [{string.Join(", ", tensor.Shape)}] and stride [{string.Join(", ", tensor.Strides)}] needs a storage of {Int128.Max(tensor.Needed, tensor.Elements)} elements, and {entryName} has {held}; the file is damaged.");
        }

        using var scope = NewDisposeScope();
        if (tensor.Elements == 0)
        {
            return empty(tensor.Shape, tensor.Type).MoveToOuterDisposeScope();
        }

        Tensor storage = empty([(long)tensor.Needed], tensor.Type);
        using Stream stream = entry.Open();
        Fill(storage, stream, name);
        return storage.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _archive.Dispose();
        _file.Dispose();
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }
    }

    /// <summary>Before release 1.6 torch wrote bare pickles. They are looked through, so that what is hidden in one is named, and refused.</summary>
    private static void RefuseLegacy(string path, FileStream file)
    {
        byte[] start = new byte[Math.Min(file.Length, PickleReader.MostBytes)];
        file.ReadExactly(start.AsSpan(0, Math.Min(start.Length, s_legacyStart.Length)));
        if (start.Length == 0 || start[0] != s_legacyStart[0])
        {
            file.Position = 0;
            return;
        }

        if (start.AsSpan().StartsWith(s_legacyStart))
        {
            file.ReadExactly(start.AsSpan(s_legacyStart.Length));
            var input = new PickleInput(path, start, s_legacyStart.Length);
            for (int part = 0; part < 3; part++)
            {
                _ = PickleReader.Read(input);
            }
        }

        throw new WorkbenchException($"{path} is a bare pickle, as torch wrote before release 1.6, which is not read; load it with torch and save it again.");
    }

    private void RefuseBigEndian()
    {
        if (_archive.GetEntry(_folder + "byteorder") is ZipArchiveEntry order && Bytes(order, 16) is byte[] text && !text.AsSpan().SequenceEqual("little"u8))
        {
            throw new WorkbenchException($"{Path} was written in another byte order than 'little'; save it again on a little-endian machine.");
        }
    }

    private byte[] Bytes(ZipArchiveEntry entry, int most)
    {
        using Stream stream = entry.Open();
        using var buffer = new MemoryStream();
        byte[] block = new byte[4096];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            buffer.Write(block, 0, read);
            if (buffer.Length > most)
            {
                throw new WorkbenchException($"{Path}: {entry.FullName} has more than {most:N0} bytes; it is not a file of tensors.");
            }
        }

        return buffer.ToArray();
    }

    private void Fill(Tensor storage, Stream stream, string name)
    {
        const long Step = 1 << 26;
        for (long first = 0; first < storage.shape[0]; first += Step)
        {
            using Tensor part = storage.narrow(0, first, Math.Min(Step, storage.shape[0] - first));
            Span<byte> bytes = part.bytes;
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new WorkbenchException($"{Path}: the storage of tensor '{name}' ends early; the file is damaged.");
            }
        }
    }
}
