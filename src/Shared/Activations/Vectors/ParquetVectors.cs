using System.Numerics.Tensors;
using System.Runtime.InteropServices;
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
    private readonly ForeignParquet _file;
    private readonly DataField _field;
    private readonly string _column;

    private ParquetVectors(string path, ForeignParquet file, string? name)
    {
        _path = path;
        _file = file;
        Dictionary<string, DataField> vectors = file.Schema.GetDataFields().Where(IsVector).GroupBy(field => field.Path.FirstPart!).ToDictionary(group => group.Key, group => group.First());
        _column = ColumnVectors.Choose(path, name, vectors.Keys, file.Schema.Fields.Select(field => (field.Name, ForeignParquet.Kind(field))));
        _field = vectors[_column];
        int[] rows = [.. Enumerable.Range(0, file.Groups).Select(GroupRows)];
        Rows = rows.Sum(count => (long)count);
        int first = Array.FindIndex(rows, count => count > 0);
        if (first < 0)
        {
            throw new WorkbenchException($"{path} holds no row; export it again.");
        }

        using RawColumnData raw = ReadGroup(first, out _);
        ReadOnlySpan<int> starts = raw.RepetitionLevels;
        int end = starts.Length > 1 ? starts[1..].IndexOf(0) : -1;
        Width = ColumnVectors.Width(path, _column, end < 0 ? starts.Length : end + 1, 1);
    }

    public int Width { get; }

    public long Rows { get; }

    public int Positions => 1;

    public static ParquetVectors Open(string path, string? name)
    {
        ForeignParquet file = ForeignParquet.Open(path);
        try
        {
            return new ParquetVectors(path, file, name);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IEnumerable<Tensor> Parts(long firstRow)
    {
        long first = 0;
        for (int group = 0; group < _file.Groups; group++)
        {
            int rows = GroupRows(group);
            int passed = (int)Math.Clamp(firstRow - first, 0, rows);
            if (passed < rows)
            {
                yield return Values(group, passed, first);
            }

            first += rows;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
    }

    private static bool IsVector(DataField field)
    {
        return (field.IsArray || field.MaxRepetitionLevel == 1) && (field.ClrType == typeof(float) || field.ClrType == typeof(double));
    }

    private Tensor Values(int group, int passed, long first)
    {
        using RawColumnData raw = ReadGroup(group, out int rows);

        // A list begins where the repetition level is 0, so that must be so at each multiple of the width and nowhere else.
        ReadOnlySpan<int> starts = raw.RepetitionLevels;
        for (int i = 0; i < starts.Length; i++)
        {
            if ((starts[i] == 0) != (i % Width == 0))
            {
                throw ColumnVectors.Uneven(_path, _column, first + (i / Width), Width);
            }
        }

        Tensor values = torch.empty(rows - passed, Width);
        Span<float> target = MemoryMarshal.Cast<byte, float>(values.bytes);
        bool isWhole = raw switch
        {
            RawColumnData<float> narrow => Copy(narrow.Values, (long)rows * Width, passed, target),
            RawColumnData<double> wide => Copy(wide.Values, (long)rows * Width, passed, target),
            _ => false,
        };
        if (!isWhole)
        {
            values.Dispose();
            throw ColumnVectors.Uneven(_path, _column, first, Width);
        }

        return values;
    }

    private bool Copy<T>(ReadOnlySpan<T> numbers, long expected, int passed, Span<float> target)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        if (numbers.Length == expected)
        {
            TensorPrimitives.ConvertTruncating(numbers[(passed * Width)..], target);
        }

        return numbers.Length == expected;
    }

    private int GroupRows(int index)
    {
        (ParquetRowGroupReader group, int rows) = _file.OpenGroup(index);
        group.Dispose();
        return rows;
    }

    private RawColumnData ReadGroup(int index, out int rows)
    {
        (ParquetRowGroupReader group, rows) = _file.OpenGroup(index);
        using (group)
        {
            return _file.Read(_column, () => group.ReadRawColumnDataBaseAsync(_field));
        }
    }
}
