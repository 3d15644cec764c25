using System.Globalization;
using Parquet;
using Parquet.Schema;
using Workbench.Activations;

namespace Workbench.Text.Corpora;

/// <summary>Parquet, a row group at a time, of which only the wanted columns are read.</summary>
internal sealed class ParquetFormat : ITextFormat
{
    private static readonly Dictionary<Type, Func<ForeignParquet, ParquetRowGroupReader, DataField, int, string?[]>> s_values = new()
    {
        [typeof(string)] = Texts,
        [typeof(ReadOnlyMemory<char>)] = Texts,
        [typeof(int)] = Values<int>,
        [typeof(long)] = Values<long>,
        [typeof(short)] = Values<short>,
        [typeof(sbyte)] = Values<sbyte>,
        [typeof(byte)] = Values<byte>,
        [typeof(ushort)] = Values<ushort>,
        [typeof(uint)] = Values<uint>,
        [typeof(ulong)] = Values<ulong>,
        [typeof(float)] = Values<float>,
        [typeof(double)] = Values<double>,
        [typeof(bool)] = Values<bool>,
    };

    public string Name => "Parquet";

    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    public bool MayBeCompressed => false;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        using ForeignParquet file = ForeignParquet.Open(path);
        TextColumns columns = TextColumns.Of(path, specification, [.. file.Schema.Fields.Select(field => field.Name)]);
        Dictionary<string, DataField> fields = columns.All.Distinct().ToDictionary(name => name, name => Plain(path, file.Schema.Fields.First(field => field.Name == name)));
        long row = 0;
        for (int index = 0; index < file.Groups; index++)
        {
            (ParquetRowGroupReader group, int rows) = file.OpenGroup(index);
            using (group)
            {
                foreach (TextRecord record in columns.Records(path, row, rows, name => s_values[fields[name].ClrType](file, group, fields[name], rows)))
                {
                    yield return record;
                }
            }

            row += rows;
        }
    }

    private static DataField Plain(string path, Field field)
    {
        return field is DataField { IsArray: false } data && s_values.ContainsKey(data.ClrType)
            ? data
            : throw new WorkbenchException($"{path} column '{field.Name}' holds {ForeignParquet.Kind(field)}; expected text, numbers or truth values.");
    }

    private static string?[] Texts(ForeignParquet file, ParquetRowGroupReader group, DataField field, int rows)
    {
        string?[] texts = new string?[rows];
        file.Read(field.Name, () => group.ReadAsync(field, texts.AsMemory()!));
        return texts;
    }

    private static string?[] Values<T>(ForeignParquet file, ParquetRowGroupReader group, DataField field, int rows)
        where T : struct
    {
        var values = new T?[rows];
        if (field.IsNullable)
        {
            file.Read(field.Name, () => group.ReadAsync(field, values.AsMemory()));
        }
        else
        {
            var dense = new T[rows];
            file.Read(field.Name, () => group.ReadAsync(field, dense.AsMemory()));
            values = Array.ConvertAll(dense, value => (T?)value);
        }

        return Array.ConvertAll(values, value => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture));
    }
}
