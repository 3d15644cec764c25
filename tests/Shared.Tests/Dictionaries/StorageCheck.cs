using System.IO.Compression;
using Workbench.Models.Weights.Pickle;

namespace Workbench.Shared.Tests.Dictionaries;

/// <summary>Looks by itself, with the zip's own lengths and 4 bytes an element, whether the storages of a .pt file are long enough.</summary>
internal static class StorageCheck
{
    public static bool IsWhole(string folder)
    {
        string file = Directory.GetFiles(folder, "*.pt").Single();
        Dictionary<string, long> lengths;
        using (ZipArchive zip = ZipFile.OpenRead(file))
        {
            lengths = zip.Entries.ToDictionary(entry => entry.FullName[(entry.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..], Held);
        }

        using TorchFile torch = TorchFile.Open(file);
        return torch.Root.ShouldBeOfType<PickleDictionary>().Entries
            .Select(entry => entry.Value)
            .OfType<TorchTensor>()
            .All(tensor => lengths[$"data/{tensor.Key}"] >= 4 * (1 + tensor.Offset + tensor.Shape.Zip(tensor.Strides, (size, stride) => (size - 1) * stride).Sum()));
    }

    private static long Held(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.Length;
    }
}
