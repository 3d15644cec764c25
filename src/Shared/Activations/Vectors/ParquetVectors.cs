using Parquet;
using Parquet.Data;
using Parquet.Schema;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations.Vectors;

/// <summary>Vectors in a column of lists of a Parquet file, a row group at a time.</summary>
internal sealed class ParquetVectors : IVectorSource
{
    private readonly string _path;
    private readonly string _column;
    private readonly FileStream _file;
    private readonly ParquetReader _reader;

    private ParquetVectors(string path, string? name)
    {
        _path = path;
        _file = File.OpenRead(path);
        try
        {
            _reader = Guard(() => ParquetReader.CreateAsync(_file).GetAwaiter().GetResult());
            string[] vectors = [.. _reader.Schema.GetDataFields().Where(IsVector).Select(NameOf)];
            _column = ColumnVectors.Choose(path, name, vectors, _reader.Schema.Fields.Select(field => field.Name));
            for (int group = 0; group < _reader.RowGroupCount; group++)
            {
                using var part = (ParquetRowGroupReader)_reader.OpenRowGroupReader(group);
                Rows += part.RowCount;
            }

            Width = _reader.RowGroupCount > 0
                ? ReadGroup(0, (numbers, rows, _) => ColumnVectors.Width(path, _column, numbers.Length, rows))
                : throw new WorkbenchException($"{path} holds no row; export it again.");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public int Width { get; }

    public long Rows { get; }

    public int Positions => 1;

    public static ParquetVectors Open(string path, string? name)
    {
        return new ParquetVectors(path, name);
    }

    public IEnumerable<Tensor> Parts()
    {
        long first = 0;
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            (float[] numbers, long rows) = ReadGroup(group, (numbers, rows, starts) =>
            {
                // A list begins where the repetition level is 0, so that must be so at each multiple of the width and nowhere else.
                for (int i = 0; i < starts.Length; i++)
                {
                    if ((starts[i] == 0) != (i % Width == 0))
                    {
                        throw ColumnVectors.Uneven(_path, _column, first + (i / Width), Width);
                    }
                }

                return numbers.Length == rows * Width ? (numbers, rows) : throw ColumnVectors.Uneven(_path, _column, first, Width);
            });
            first += rows;
            if (rows > 0)
            {
                yield return torch.tensor(numbers, [rows, Width]);
            }
        }
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private static string NameOf(DataField field)
    {
        return field.Path.FirstPart!;
    }

    private static bool IsVector(DataField field)
    {
        return (field.IsArray || field.Path.Length > 1) && (field.ClrType == typeof(float) || field.ClrType == typeof(double));
    }

    private T ReadGroup<T>(int group, Func<float[], long, ReadOnlySpan<int>, T> use)
    {
        using var part = (ParquetRowGroupReader)_reader.OpenRowGroupReader(group);
        DataField field = _reader.Schema.GetDataFields().First(field => IsVector(field) && NameOf(field) == _column);
        using RawColumnData raw = Guard(() => part.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult());
        float[] numbers = raw switch
        {
            RawColumnData<float> narrow => narrow.Values.ToArray(),
            RawColumnData<double> wide => Array.ConvertAll(wide.Values.ToArray(), value => (float)value),
            _ => throw new WorkbenchException($"{_path} column '{_column}' holds no floating-point numbers."),
        };
        return use(numbers, part.RowCount, raw.RepetitionLevels);
    }

    // The library reports damage by exceptions of many types.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is not (WorkbenchException or OutOfMemoryException))
        {
            throw new WorkbenchException($"{_path} is not a readable Parquet file ({failure.Message.TrimEnd('.')}); export it again.", failure);
        }
    }
}
