using System.Text;
using System.Text.Json;

namespace Workbench.Workspaces;

/// <summary>
/// Writes files so that a reader sees the old content or the new one and never a part: the content goes to a temporary
/// file in the same folder, is forced to disk, and takes the final name by a rename.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The suffix of a file that is still being written; such a file means nothing and may be deleted.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream.</summary>
    /// <param name="path">The final file; its folder is created.</param>
    /// <param name="write">Writes the whole content.</param>
    /// <param name="open">Opens the temporary file; by default a plain file stream.</param>
    /// <param name="durable">Whether the bytes are forced to disk before the rename; progress files need not be.</param>
    /// <exception cref="WorkbenchException">The file cannot be written; the sentence names it and the free space.</exception>
    public static void Write(string path, Action<Stream> write, FileOpener? open = null, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = path + TemporarySuffix;
        WriteFailure.Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            try
            {
                using (Stream stream = (open ?? Open)(temporary))
                {
                    write(stream);
                    Flush(stream, durable);
                }

                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        });
    }

    /// <summary>Writes a text file in UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The final file.</param>
    /// <param name="text">Its whole content.</param>
    /// <exception cref="WorkbenchException">The file cannot be written.</exception>
    public static void WriteText(string path, string text)
    {
        Write(path, stream => stream.Write(Utf8.GetBytes(text)));
    }

    /// <summary>Writes an object as JSON in the form of <see cref="WorkbenchJson.Options"/>, with a final newline.</summary>
    /// <param name="path">The final file.</param>
    /// <param name="value">The object.</param>
    /// <param name="open">Opens the temporary file; by default a plain file stream.</param>
    /// <param name="durable">Whether the bytes are forced to disk before the rename.</param>
    /// <typeparam name="T">The type that decides the JSON form.</typeparam>
    /// <exception cref="WorkbenchException">The file cannot be written.</exception>
    public static void WriteJson<T>(string path, T value, FileOpener? open = null, bool durable = true)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, WorkbenchJson.Options);
        Write(path, stream =>
        {
            stream.Write(json);
            stream.WriteByte((byte)'\n');
        }, open, durable);
    }

    /// <summary>Opens a new file with a large write buffer; the default of every writer.</summary>
    /// <param name="path">The file to create or truncate.</param>
    public static Stream Open(string path)
    {
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
    }

    internal static void Flush(Stream stream, bool durable)
    {
        if (durable && stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
        else
        {
            stream.Flush();
        }
    }
}
