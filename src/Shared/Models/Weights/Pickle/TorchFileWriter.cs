using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Pickle;

/// <summary>Writes files that torch.load reads. Tensors keep their strides: a transposed matrix stays column-major.</summary>
internal static class TorchFileWriter
{
    private const long ElementsPerStep = 1 << 26;

    /// <summary>Writes the archive.</summary>
    /// <param name="stream">A seekable stream; callers make it atomic.</param>
    /// <param name="name">Folder within the archive: the file's name without its ending.</param>
    /// <param name="root">Tensors, numbers, strings, lists, tuples and dictionaries. Tensors are dense, of any order of axes.</param>
    public static void Write(Stream stream, string name, object? root)
    {
        (byte[] pickle, IReadOnlyList<Tensor> storages) = PickleWriter.Write(root);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, $"{name}/data.pkl", target => target.Write(pickle));
        Add(archive, $"{name}/byteorder", target => target.Write("little"u8));
        for (int i = 0; i < storages.Count; i++)
        {
            Tensor tensor = storages[i];
            Add(archive, $"{name}/data/{i}", target => Write(target, tensor));
        }

        Add(archive, $"{name}/version", target => target.Write("3\n"u8));
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        using Stream target = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        write(target);
    }

    private static void Write(Stream target, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Tensor local = tensor.detach().cpu();
        long[] order = [.. Enumerable.Range(0, (int)local.dim()).Select(axis => (long)axis).OrderByDescending(axis => local.stride((int)axis))];
        Tensor flat = (order.Length > 1 ? local.permute(order) : local).contiguous().flatten();
        for (long first = 0; first < flat.shape[0]; first += ElementsPerStep)
        {
            using Tensor part = flat.narrow(0, first, Math.Min(ElementsPerStep, flat.shape[0] - first));
            target.Write(part.bytes);
        }
    }
}
