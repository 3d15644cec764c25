using System.Text.Json;

namespace Workbench.Text.Corpora;

/// <summary>One line of JSON lines, whose fields are taken by name.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="number">The line's number, from 1.</param>
/// <param name="root">The object.</param>
internal readonly struct JsonRecord(string path, int number, JsonElement root)
{
    public JsonElement? Find(string field)
    {
        return root.TryGetProperty(field, out JsonElement value) ? value : null;
    }

    /// <exception cref="WorkbenchException">The object lacks the field.</exception>
    public JsonElement Get(string field)
    {
        return Find(field) ?? throw new WorkbenchException(
            $"{path} line {number} has no field \"{field}\"; it has {string.Join(", ", root.EnumerateObject().Take(12).Select(pair => pair.Name))}: correct or remove the line, or name the column by ?text= and ?label=.");
    }

    /// <summary>A string; empty for null.</summary>
    /// <exception cref="WorkbenchException">It is no string.</exception>
    public string Text(string field)
    {
        JsonElement value = Get(field);
        return value.ValueKind switch
        {
            JsonValueKind.String => String(field, value),
            JsonValueKind.Null => string.Empty,
            _ => throw Wrong(field, value, "a string"),
        };
    }

    /// <summary>A string, a number or a truth value as text; empty for null.</summary>
    /// <exception cref="WorkbenchException">It is something else.</exception>
    public string Value(string field, JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.String => String(field, value),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => string.Empty,
            _ => throw Wrong(field, value, "a string, a number or a truth value"),
        };
    }

    private WorkbenchException Wrong(string field, JsonElement value, string expected)
    {
        return new WorkbenchException($"{path} line {number} field \"{field}\" is {(value.ValueKind == JsonValueKind.Object ? "an object" : value.ValueKind == JsonValueKind.Array ? "a list" : $"a {value.ValueKind.ToString().ToLowerInvariant()}")}; expected {expected}: correct or remove the line, or name another column.");
    }

    private string String(string field, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException halved)
        {
            throw new WorkbenchException($"{path} line {number} field \"{field}\" has half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character; correct or remove the line.", halved);
        }
    }
}
