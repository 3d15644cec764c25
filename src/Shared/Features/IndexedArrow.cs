using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Microsoft.Win32.SafeHandles;
using Workbench.Activations;

namespace Workbench.Features;

/// <summary>
/// An Arrow IPC file of any length whose record batches are read one at a time, by number, into memory of their own. Unlike a
/// memory map this has no limit of 2 GiB. Reading is thread-safe.
/// </summary>
internal sealed class IndexedArrow : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyList<ArrowMessage> _messages;

    private IndexedArrow(string path, SafeFileHandle file)
    {
        Path = path;
        Values = new ArrowValues(path);
        _file = file;
        _messages = ArrowMessage.Find(file);
        using var reader = new ArrowStreamReader(new ArrowMessageStream(file, _messages[0]));
        Metadata = reader.Schema.Metadata ?? new Dictionary<string, string>();
    }

    public string Path { get; }

    /// <summary>The number of record batches.</summary>
    public int Count => _messages.Count - 1;

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Takes columns out of batches.</summary>
    public ArrowValues Values { get; }

    public static IndexedArrow Open(string path, string format)
    {
        if (!File.Exists(path))
        {
            throw new WorkbenchException($"{path} is absent; run 'saetrain index' again.");
        }

        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            var file = new IndexedArrow(path, handle);
            string found = file.Metadata.GetValueOrDefault(MappedArrow.FormatKey, "none");
            return found == format
                ? file
                : throw new WorkbenchException($"{path} has {MappedArrow.FormatKey} '{found}' where '{format}' was expected; use the build that wrote it.");
        }
        catch (Exception failure)
        {
            handle?.Dispose();
            throw failure is WorkbenchException ? failure : MappedArrow.Damaged(path, failure.Message, failure);
        }
    }

    public RecordBatch Read(int batch)
    {
        try
        {
            using var reader = new ArrowStreamReader(new ArrowMessageStream(_file, _messages[0], _messages[batch + 1]));
            return reader.ReadNextRecordBatch() is { Length: >= 0 } read ? read : throw new InvalidDataException("it is empty");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw MappedArrow.Damaged(Path, $"record batch {batch}: {failure.Message}", failure);
        }
    }

    public int Number(string key)
    {
        return Metadata.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw MappedArrow.Damaged(Path, $"it lacks a positive number under '{key}'", null);
    }

    public void Dispose()
    {
        _file.Dispose();
    }
}
