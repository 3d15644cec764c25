using System.Globalization;
using System.Text;
using Apache.Arrow;
using Workbench.Activations;

namespace Workbench.Text.Corpora;

/// <summary>Arrow IPC, as a file or as the stream that Hugging Face's data sets are saved in; a record batch at a time.</summary>
internal sealed class ArrowFormat : ITextFormat
{
    public string Name => "Arrow";

    public IReadOnlyList<string> Extensions { get; } = [".arrow", ".feather"];

    public bool MayBeCompressed => false;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        using ForeignArrow file = ForeignArrow.Open(path);
        TextColumns columns = TextColumns.Of(path, specification, [.. file.Schema.FieldsList.Select(field => field.Name)]);
        long row = 0;
        foreach (RecordBatch batch in file.Batches())
        {
            foreach (TextRecord record in columns.Records(path, row, batch.Length, name => file.Guard(() => Values(path, name, Column(batch, name)))))
            {
                yield return record;
            }

            row += batch.Length;
        }
    }

    private static IArrowArray Column(RecordBatch batch, string name)
    {
        return batch.Column(name) is { } column && column.Length == batch.Length
            ? column
            : throw new InvalidDataException($"column '{name}' has not the {batch.Length} entries of its batch");
    }

    private static string?[] Values(string path, string name, IArrowArray column)
    {
        if (column is DictionaryArray coded)
        {
            string?[] words = Values(path, name, coded.Dictionary);
            return System.Array.ConvertAll(Values(path, name, coded.Indices), place => place is null ? null : words[int.Parse(place, CultureInfo.InvariantCulture)]);
        }

        var values = new string?[column.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = column.IsNull(row) ? null : column switch
            {
                // GetString would read past the end of a damaged column.
                StringArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
                LargeStringArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
                StringViewArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
                BooleanArray truths => truths.GetValue(row) is true ? "true" : "false",
                Int8Array numbers => Text(numbers.GetValue(row)),
                Int16Array numbers => Text(numbers.GetValue(row)),
                Int32Array numbers => Text(numbers.GetValue(row)),
                Int64Array numbers => Text(numbers.GetValue(row)),
                UInt8Array numbers => Text(numbers.GetValue(row)),
                UInt16Array numbers => Text(numbers.GetValue(row)),
                UInt32Array numbers => Text(numbers.GetValue(row)),
                UInt64Array numbers => Text(numbers.GetValue(row)),
                FloatArray numbers => Text(numbers.GetValue(row)),
                DoubleArray numbers => Text(numbers.GetValue(row)),
                _ => throw new WorkbenchException($"{path} column '{name}' holds {column.Data.DataType.Name}; expected text, numbers or truth values."),
            };
        }

        return values;
    }

    private static string? Text(IFormattable? value)
    {
        return value?.ToString(null, CultureInfo.InvariantCulture);
    }
}
