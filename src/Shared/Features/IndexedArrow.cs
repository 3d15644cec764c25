using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Workbench.Activations;

namespace Workbench.Features;

/// <summary>
/// An Arrow IPC file of any length whose record batches are read one at a time, by number, into memory of their own. Unlike a
/// memory map this has no limit of 2 GiB. Reading is thread-safe.
/// </summary>
internal sealed class IndexedArrow : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly ArrowFileReader _reader;

    private IndexedArrow(string path, FileStream stream, ArrowFileReader reader, int count)
    {
        Path = path;
        Count = count;
        _stream = stream;
        _reader = reader;
        Metadata = reader.Schema.Metadata ?? new Dictionary<string, string>();
    }

    public string Path { get; }

    /// <summary>The number of record batches.</summary>
    public int Count { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static IndexedArrow Open(string path, string format)
    {
        if (!File.Exists(path))
        {
            throw new WorkbenchException($"{path} is absent; run 'saetrain index' again.");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var reader = new ArrowFileReader(stream);
            int count = reader.RecordBatchCountAsync().GetAwaiter().GetResult();
            var file = new IndexedArrow(path, stream, reader, count);
            string found = file.Metadata.GetValueOrDefault(MappedArrow.FormatKey, "none");
            return found == format
                ? file
                : throw new WorkbenchException($"{path} has {MappedArrow.FormatKey} '{found}' where '{format}' was expected; use the build that wrote it.");
        }
        catch (Exception failure) when (failure is not WorkbenchException)
        {
            stream.Dispose();
            throw new WorkbenchException($"{path} is not a whole Arrow file ({failure.Message.TrimEnd('.')}); run 'saetrain index' again.", failure);
        }
    }

    public RecordBatch Read(int batch)
    {
        lock (_lock)
        {
            try
            {
                return _reader.ReadRecordBatchAsync(batch).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new WorkbenchException($"{Path} is damaged at record batch {batch} ({failure.Message.TrimEnd('.')}); run 'saetrain index' again.", failure);
            }
        }
    }

    public TArray Column<TArray>(RecordBatch batch, string name)
        where TArray : class, IArrowArray
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0 && batch.Column(index) is TArray array
            ? array
            : throw new WorkbenchException($"{Path} lacks a column '{name}' of {typeof(TArray).Name}; run 'saetrain index' again.");
    }

    public int Number(string key)
    {
        return Metadata.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new WorkbenchException($"{Path} lacks a positive number under '{key}'; run 'saetrain index' again.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }
}
