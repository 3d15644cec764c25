using System.Text.Json;

namespace Workbench.Text.Corpora;

/// <summary>One JSON object a line with a "text" field; "name" and "labels" (an object of strings) are optional.</summary>
internal static class JsonLinesCorpus
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    public static ICorpus Open(string path)
    {
        var documents = Lines(path).ToList();
        string[] labels = [.. documents.SelectMany(d => d.Labels.Keys).Distinct().Order(StringComparer.Ordinal)];
        return FileCorpus.Create(path, labels, documents);
    }

    private static IEnumerable<(string Name, string Text, IReadOnlyDictionary<string, string> Labels)> Lines(string path)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(path, number, line);
            }
        }
    }

    private static (string Name, string Text, IReadOnlyDictionary<string, string> Labels) Parse(string path, int number, string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            string text = json.RootElement.GetProperty("text").GetString() ?? string.Empty;
            string name = json.RootElement.TryGetProperty("name", out JsonElement given) ? given.GetString() ?? string.Empty : $"{Path.GetFileName(path)}:{number}";
            IReadOnlyDictionary<string, string> labels = json.RootElement.TryGetProperty("labels", out JsonElement pairs)
                ? pairs.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? string.Empty)
                : s_noLabels;
            return (name, text, labels);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkbenchException($"{path} line {number} is not a JSON object with a string field \"text\"; correct or remove the line.", failure);
        }
    }
}
