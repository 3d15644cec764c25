using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Workbench.Text.Corpora;

/// <summary>Opens text files, compressed or not, and turns what goes wrong in them into one sentence.</summary>
internal static class TextStreams
{
    private const int BufferBytes = 1 << 16;

    public static bool IsCompressed(string path)
    {
        return Path.GetExtension(path).ToLowerInvariant() is ".gz" or ".zst";
    }

    /// <summary>The lines of a file, without their ends.</summary>
    /// <exception cref="WorkbenchException">The file cannot be read, or its compression is damaged.</exception>
    public static IEnumerable<string> Lines(string path)
    {
        using StreamReader reader = Guard(path, () => new StreamReader(Open(path), Encoding.UTF8));
        while (Guard(path, reader.ReadLine) is { } line)
        {
            yield return line;
        }
    }

    public static string ReadAll(string path)
    {
        using StreamReader reader = Guard(path, () => new StreamReader(Open(path), Encoding.UTF8));
        return Guard(path, reader.ReadToEnd);
    }

    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ZstdException)
        {
            throw new WorkbenchException($"Cannot read {path}: {failure.Message.TrimEnd('.')}; fetch the file again or leave it out.", failure);
        }
    }

    private static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".gz" => new GZipStream(file, CompressionMode.Decompress),
            ".zst" => new DecompressionStream(file, checkEndOfStream: true, leaveOpen: false),
            _ => file,
        };
    }
}
