using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace Workbench.Activations;

/// <summary>
/// An Arrow IPC file or stream that other programs wrote, compressed or not, read a record batch at a time. What goes wrong in it is
/// one sentence that names the file.
/// </summary>
internal sealed class ForeignArrow : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrowStreamReader _reader;

    private ForeignArrow(string path, FileStream file)
    {
        _path = path;
        _file = file;
        Span<byte> magic = stackalloc byte[6];
        bool isFile = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("ARROW1"u8);
        file.Position = 0;
        Action<Stream> check = isFile ? ForeignArrowCheck.File : ForeignArrowCheck.Stream;
        check(file);
        var codecs = new CompressionCodecFactory();
        _reader = isFile ? new ArrowFileReader(file, codecs) : new ArrowStreamReader(file, codecs);
        Schema = _reader.Schema;
        if (Schema.FieldsList.Any(field => field is not { Name: not null, DataType: not null }))
        {
            throw new InvalidDataException("a column has no name or no type");
        }
    }

    public Schema Schema { get; }

    /// <exception cref="WorkbenchException">It cannot be read, or is no Arrow file.</exception>
    public static ForeignArrow Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            return new ForeignArrow(path, file);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            file?.Dispose();
            throw Unreadable(path, failure);
        }
    }

    /// <summary>The record batches from the first one on; each is released when the next is asked for.</summary>
    /// <exception cref="WorkbenchException">The file is damaged.</exception>
    public IEnumerable<RecordBatch> Batches()
    {
        while (Next() is { } batch)
        {
            using (batch)
            {
                yield return batch;
            }
        }
    }

    /// <summary>Reads something of a batch.</summary>
    /// <exception cref="WorkbenchException">The batch claims what is not there.</exception>
    public T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is not (WorkbenchException or OutOfMemoryException))
        {
            throw Unreadable(_path, failure);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private RecordBatch? Next()
    {
        return Guard(_reader.ReadNextRecordBatch);
    }

    // The library reports damage by exceptions of many types.
    private static WorkbenchException Unreadable(string path, Exception failure)
    {
        return new WorkbenchException($"{path} is not a readable Arrow file ({failure.Message.TrimEnd('.')}); export it again.", failure);
    }
}
