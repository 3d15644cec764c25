using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Workbench.Activations;

/// <summary>A Parquet file of any writer. What goes wrong in it is one sentence that names the file, and the column where that is known.</summary>
internal sealed class ForeignParquet : IDisposable
{
    // A run of equal values may be short on disk, but no writer makes groups like that.
    private const long PlausibleRows = 1 << 21;
    private const long RowsPerByte = 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly ParquetReader _reader;

    private ForeignParquet(string path, FileStream file, ParquetReader reader)
    {
        _path = path;
        _file = file;
        _reader = reader;
    }

    public ParquetSchema Schema => _reader.Schema;

    public int Groups => _reader.RowGroupCount;

    /// <exception cref="WorkbenchException">It cannot be read, or is no Parquet file.</exception>
    public static ForeignParquet Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            var opened = new ForeignParquet(path, file, ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
            _ = opened.Schema;
            return opened;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            file?.Dispose();
            throw Unreadable(path, failure);
        }
    }

    /// <summary>A row group, and the number of its rows.</summary>
    /// <exception cref="WorkbenchException">The group claims rows that the file cannot hold.</exception>
    public (ParquetRowGroupReader Group, int Rows) OpenGroup(int index)
    {
        try
        {
            var group = (ParquetRowGroupReader)_reader.OpenRowGroupReader(index);
            long most = Math.Min(int.MaxValue, Math.Max(PlausibleRows, RowsPerByte * _file.Length));
            return group.RowCount >= 0 && group.RowCount <= most
                ? (group, (int)group.RowCount)
                : throw new InvalidDataException($"row group {index} claims {group.RowCount} rows");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Unreadable(_path, failure);
        }
    }

    /// <summary>Reads something of a column.</summary>
    /// <exception cref="WorkbenchException">It is damaged, or written in a form that is not read.</exception>
    public T Read<T>(string column, Func<ValueTask<T>> read)
    {
        try
        {
            return read().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not (WorkbenchException or OutOfMemoryException))
        {
            throw new WorkbenchException(
                $"{_path} column '{column}' cannot be decoded ({failure.Message.TrimEnd('.')}); fetch the file again, or write it with data pages of version 1 (pyarrow: data_page_version='1.0').", failure);
        }
    }

    /// <summary>The same for a reading that returns nothing.</summary>
    /// <exception cref="WorkbenchException">It is damaged, or written in a form that is not read.</exception>
    public void Read(string column, Func<ValueTask> read)
    {
        _ = Read(column, async ValueTask<bool> () =>
        {
            await read();
            return true;
        });
    }

    /// <summary>What a column holds, in words.</summary>
    public static string Kind(Field field)
    {
        return field switch
        {
            DataField { IsArray: true } => "list",
            DataField data => data.ClrType == typeof(ReadOnlyMemory<char>) ? "String" : data.ClrType.Name,
            _ => field.SchemaType.ToString().ToLowerInvariant(),
        };
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    // The library reports damage by exceptions of many types.
    private static WorkbenchException Unreadable(string path, Exception failure)
    {
        return new WorkbenchException($"{path} is not a readable Parquet file ({failure.Message.TrimEnd('.')}); fetch it again.", failure);
    }
}
