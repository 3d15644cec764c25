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
        string field = specification.Text;
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            string text = root.GetProperty(field).GetString() ?? string.Empty;
            field = specification.NameColumn ?? "name";
            string? name = root.TryGetProperty(field, out JsonElement given) || specification.NameColumn is not null ? Value(given) : null;
            var labels = new Dictionary<string, string>();
            foreach (string label in specification.LabelColumns)
            {
                field = label;
                labels[label] = Value(root.GetProperty(label));
            }

            field = "labels";
            if (labels.Count == 0 && root.TryGetProperty(field, out JsonElement pairs))
            {
                labels = pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => Value(pair.Value));
            }

            return new TextRecord(name ?? $"{Path.GetFileName(path)}:{number}", text, labels);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkbenchException($"{path} line {number} is not a JSON object with a {(field == specification.Text ? "string " : string.Empty)}field \"{field}\" as it should be; correct or remove the line, or name the column by ?text= and ?label=.", failure);
        }
    }

    private static string Value(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => string.Empty,
            _ => throw new InvalidOperationException(),
        };
    }
}
