using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights.Npz;

/// <summary>Writes .npz files as NumPy's savez does.</summary>
internal static class NpzWriter
{
    private const long ElementsPerStep = 1 << 26;

    /// <summary>Writes arrays in the given order to a seekable stream; callers make it atomic.</summary>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Tensor)> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, Tensor tensor) in arrays)
        {
            using Stream target = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            target.Write(NpyHeader.Write(tensor.dtype, tensor.shape));
            using var scope = NewDisposeScope();
            Tensor flat = tensor.detach().cpu().contiguous().flatten();
            for (long first = 0; first < flat.shape[0]; first += ElementsPerStep)
            {
                using Tensor part = flat.narrow(0, first, Math.Min(ElementsPerStep, flat.shape[0] - first));
                target.Write(part.bytes);
            }
        }
    }
}
