using System.Text.Json;

namespace Workbench.Dictionaries.Formats;

/// <summary>Strict access to the fields of a JSON object in a file; every failure names file, field, expected and found.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    private JsonFields(string path)
    {
        Path = path;
    }

    /// <summary>Every field as it stands.</summary>
    public IReadOnlyDictionary<string, JsonElement> All => _fields;

    /// <summary>The fields of an object within a file.</summary>
    public static JsonFields Within(string path, IEnumerable<KeyValuePair<string, JsonElement>> entries)
    {
        var fields = new JsonFields(path);
        foreach ((string key, JsonElement value) in entries)
        {
            fields._fields[key] = value;
        }

        return fields;
    }

    public string Path { get; }

    public static JsonFields Read(string path)
    {
        var fields = new JsonFields(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new WorkbenchException($"{path} holds a JSON {document.RootElement.ValueKind}, where an object was expected.");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                fields._fields[property.Name] = property.Value.Clone();
            }
        }
        catch (JsonException malformed)
        {
            throw new WorkbenchException($"{path} is not valid JSON ({malformed.Message.TrimEnd('.')}); the file is damaged, export it again.", malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }

        return fields;
    }

    public WorkbenchException Bad(string field, string expected, string found)
    {
        return new WorkbenchException($"{Path}: {field} is {found}, where {expected} was expected.");
    }

    public void RefuseUnknown(IReadOnlySet<string> known)
    {
        string? unknown = _fields.Keys.FirstOrDefault(key => !known.Contains(key));
        if (unknown is not null)
        {
            throw new WorkbenchException($"{Path} holds the key '{unknown}', which is not known; it might change what the weights mean, so the file is refused.");
        }
    }

    public JsonElement? Find(string field)
    {
        return _fields.TryGetValue(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? OptionalText(string field)
    {
        return Find(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            { } value => throw Bad(field, "a text", value.GetRawText()),
        };
    }

    public string Text(string field, string? absent)
    {
        return OptionalText(field) ?? absent ?? throw Bad(field, "a text", "missing");
    }

    public int? Integer(string field)
    {
        return Find(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) => number,
            { } value => throw Bad(field, "a whole number", value.GetRawText()),
        };
    }

    public int RequiredInteger(string field)
    {
        return Integer(field) ?? throw Bad(field, "a whole number", "missing");
    }

    public double? Number(string field)
    {
        return Find(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) => number,
            { } value => throw Bad(field, "a number", value.GetRawText()),
        };
    }

    public bool Boolean(string field, bool absent)
    {
        return Find(field) switch
        {
            null => absent,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { } value => throw Bad(field, "true or false", value.GetRawText()),
        };
    }

    public bool IsTrue(string field)
    {
        return Find(field) is { ValueKind: JsonValueKind.True };
    }

    public bool IsFalse(string field)
    {
        return Find(field) is { ValueKind: JsonValueKind.False };
    }

    public bool IsAbsentOrFalse(string field)
    {
        return Find(field) is null or { ValueKind: JsonValueKind.False };
    }

    public Dictionary<string, JsonElement> Object(string field)
    {
        return Find(field) switch
        {
            null => new Dictionary<string, JsonElement>(StringComparer.Ordinal),
            { ValueKind: JsonValueKind.Object } value => value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            { } value => throw Bad(field, "an object", value.GetRawText()),
        };
    }
}
