using Apache.Arrow;
using Apache.Arrow.Ipc;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>
/// An uncompressed Arrow IPC file whose columns lie in a memory map. After its eight-byte magic the file is an IPC stream, which
/// the library decodes in place.
/// </summary>
internal sealed class MappedArrow : IDisposable
{
    public const string FormatKey = "workbench.format";

    private const int MagicBytes = 8;
    private static readonly byte[] Magic = "ARROW1"u8.ToArray();

    private readonly MappedFile _file;
    private readonly ArrowValues _values;

    private MappedArrow(string path, MappedFile file, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<RecordBatch> batches)
    {
        Path = path;
        _file = file;
        _values = new ArrowValues(path);
        Metadata = metadata;
        Batches = batches;
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<RecordBatch> Batches { get; }

    public long Rows => Batches.Sum(batch => (long)batch.Length);

    /// <summary>Maps a file, which must carry the given format.</summary>
    public static MappedArrow Open(string path, string format)
    {
        if (!File.Exists(path))
        {
            throw new WorkbenchException($"{path} is absent; write it again by the command that made the folder.");
        }

        MappedFile? file = null;
        try
        {
            file = new MappedFile(path);
            MappedArrow arrow = Decode(path, file);
            string found = arrow.Metadata.GetValueOrDefault(FormatKey, "none");
            return found == format
                ? arrow
                : throw new WorkbenchException($"{path} has {FormatKey} '{found}' where '{format}' was expected; use the build that wrote it.");
        }
        catch (Exception failure)
        {
            (file as IDisposable)?.Dispose();
            throw failure is WorkbenchException ? failure : Damaged(path, failure.Message, failure);
        }
    }

    /// <summary>A column of every batch, of the given array type.</summary>
    public TArray Column<TArray>(RecordBatch batch, string name)
        where TArray : class, IArrowArray
    {
        return _values.Column<TArray>(batch, name);
    }

    /// <summary>The numbers of a column of a batch, all of which lie within the file.</summary>
    public ReadOnlySpan<T> Values<T>(RecordBatch batch, string name)
        where T : struct, IEquatable<T>
    {
        return Values(Column<PrimitiveArray<T>>(batch, name), name);
    }

    /// <summary>The numbers of an array, all of which lie within the file.</summary>
    public ReadOnlySpan<T> Values<T>(PrimitiveArray<T> array, string name)
        where T : struct, IEquatable<T>
    {
        return _values.Numbers(array, name);
    }

    /// <summary>A text of a column of a batch.</summary>
    public string Text(RecordBatch batch, string name, int at)
    {
        return _values.Text(Column<StringArray>(batch, name), at, name);
    }

    public void Dispose()
    {
        ((IDisposable)_file).Dispose();
    }

    private static MappedArrow Decode(string path, MappedFile file)
    {
        ReadOnlySpan<byte> bytes = file.GetSpan();
        if (bytes.Length <= 2 * MagicBytes || !bytes.StartsWith(Magic) || !bytes.EndsWith(Magic))
        {
            throw Damaged(path, "an Arrow file begins and ends with ARROW1", null);
        }

        ArrowCheck.Stream(bytes[MagicBytes..^MagicBytes]);
        using var reader = new ArrowStreamReader(file.Memory[MagicBytes..]);
        var batches = new List<RecordBatch>();
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            batches.Add(batch.Length >= 0 ? batch : throw Damaged(path, $"record batch {batches.Count} claims {batch.Length} rows", null));
        }

        IReadOnlyDictionary<string, string> metadata = reader.Schema.Metadata ?? new Dictionary<string, string>();
        return new MappedArrow(path, file, metadata, batches);
    }

    /// <summary>The refusal of a file that is not what was written.</summary>
    public static WorkbenchException Damaged(string path, string detail, Exception? cause)
    {
        string sentence = $"{path} is not a whole Arrow file ({detail.TrimEnd('.')}); write it again by the command that made the folder.";
        return cause is null ? new WorkbenchException(sentence) : new WorkbenchException(sentence, cause);
    }
}
