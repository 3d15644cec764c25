using System.Text.Json;

namespace Workbench.Text.Corpora;

/// <summary>
/// One JSON object a line. Without label columns an object "labels" of strings gives them; a label column may hold a string, a
/// number or a truth value.
/// </summary>
internal sealed class JsonLinesFormat : ITextFormat
{
    public string Name => "JSON lines";

    public IReadOnlyList<string> Extensions { get; } = [".jsonl", ".ndjson"];

    public bool MayBeCompressed => true;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        int number = 0;
        foreach (string line in TextStreams.Lines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(path, number, line, specification);
            }
        }
    }

    private static TextRecord Parse(string path, int number, string line, CorpusSpecification specification)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Record(path, number, new JsonRecord(path, number, json.RootElement), specification)
                : throw new WorkbenchException($"{path} line {number} is a {json.RootElement.ValueKind.ToString().ToLowerInvariant()} where a JSON object was expected; correct or remove the line.");
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{path} line {number} is not a JSON object ({malformed.Message.TrimEnd('.')}); correct or remove the line.", malformed);
        }
    }

    private static TextRecord Record(string path, int number, JsonRecord record, CorpusSpecification specification)
    {
        string text = record.Text(specification.Text);
        string? name = specification.NameColumn is { } column ? record.Value(column, record.Get(column))
            : record.Find("name") is { } given ? record.Value("name", given)
            : null;
        var labels = specification.LabelColumns.ToDictionary(label => label, label => record.Value(label, record.Get(label)));
        if (labels.Count == 0 && record.Find("labels") is { ValueKind: JsonValueKind.Object } pairs)
        {
            labels = pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => record.Value(pair.Name, pair.Value));
        }

        return new TextRecord(name ?? $"{Path.GetFileName(path)}:{number}", text, labels);
    }
}
