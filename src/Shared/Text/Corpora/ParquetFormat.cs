using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Workbench.Text.Corpora;

/// <summary>Parquet, a row group at a time, of which only the wanted columns are read.</summary>
internal sealed class ParquetFormat : ITextFormat
{
    public string Name => "Parquet";

    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    public bool MayBeCompressed => false;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        using FileStream file = TextStreams.Guard(path, () => File.OpenRead(path));
        ParquetReader reader = Guard(path, () => ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        try
        {
            DataField[] flat = [.. reader.Schema.GetDataFields().Where(field => !field.IsArray && !field.Path.ToString().Contains('/', StringComparison.Ordinal))];
            TextColumns columns = TextColumns.Of(path, specification, [.. flat.Select(field => field.Name)]);
            long row = 0;
            for (int index = 0; index < reader.RowGroupCount; index++)
            {
                using var group = (ParquetRowGroupReader)reader.OpenRowGroupReader(index);
                int rows = checked((int)group.RowCount);
                foreach (TextRecord record in columns.Records(path, row, rows, name => Guard(path, () => Values(path, group, flat.First(field => field.Name == name), rows))))
                {
                    yield return record;
                }

                row += rows;
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static string?[] Values(string path, ParquetRowGroupReader group, DataField field, int rows)
    {
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[rows];
            group.ReadAsync(field, texts.AsMemory()!).AsTask().GetAwaiter().GetResult();
            return texts;
        }

        return field.ClrType switch
        {
            Type type when type == typeof(int) => Values<int>(group, field, rows),
            Type type when type == typeof(long) => Values<long>(group, field, rows),
            Type type when type == typeof(short) => Values<short>(group, field, rows),
            Type type when type == typeof(sbyte) => Values<sbyte>(group, field, rows),
            Type type when type == typeof(byte) => Values<byte>(group, field, rows),
            Type type when type == typeof(ushort) => Values<ushort>(group, field, rows),
            Type type when type == typeof(uint) => Values<uint>(group, field, rows),
            Type type when type == typeof(ulong) => Values<ulong>(group, field, rows),
            Type type when type == typeof(float) => Values<float>(group, field, rows),
            Type type when type == typeof(double) => Values<double>(group, field, rows),
            Type type when type == typeof(bool) => Values<bool>(group, field, rows),
            _ => throw new WorkbenchException($"{path} column '{field.Name}' holds {field.ClrType.Name}; expected text, numbers or truth values."),
        };
    }

    private static string?[] Values<T>(ParquetRowGroupReader group, DataField field, int rows)
        where T : struct
    {
        var values = new T?[rows];
        if (field.IsNullable)
        {
            group.ReadAsync(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        }
        else
        {
            var dense = new T[rows];
            group.ReadAsync(field, dense.AsMemory()).AsTask().GetAwaiter().GetResult();
            values = Array.ConvertAll(dense, value => (T?)value);
        }

        return Array.ConvertAll(values, value => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    // The library reports damage by exceptions of many types.
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is not (WorkbenchException or OutOfMemoryException))
        {
            throw new WorkbenchException($"{path} is not a readable Parquet file ({failure.Message.TrimEnd('.')}); fetch it again.", failure);
        }
    }
}
