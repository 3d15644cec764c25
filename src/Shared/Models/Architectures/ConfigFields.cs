using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workspaces;

namespace Workbench.Models.Architectures;

/// <summary>The fields of a config.json, each read with a sentence ready for what may be wrong with it.</summary>
internal sealed class ConfigFields
{
    /// <summary>Above every size of a model, and far enough below the limit of an int that a few of them may be multiplied.</summary>
    private const int Largest = 1 << 28;

    private readonly string _path;
    private readonly JsonElement _root;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigFields> _inner = new(StringComparer.Ordinal);

    private ConfigFields(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    public static ConfigFields Open(string path)
    {
        using JsonDocument json = JsonFile.Open(path);
        return json.RootElement.ValueKind == JsonValueKind.Object
            ? new ConfigFields(path, json.RootElement.Clone())
            : throw new WorkbenchException($"{path} should hold a JSON object but holds {json.RootElement.ValueKind}.");
    }

    /// <summary>How a field is named in messages.</summary>
    public string Place(string field)
    {
        return $"{_path}: '{field}'";
    }

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string field)
    {
        return Contains(field) && _root.GetProperty(field).ValueKind != JsonValueKind.Null;
    }

    /// <summary>An object inside, or null where it is absent or null.</summary>
    public ConfigFields? Object(string field)
    {
        if (!Has(field))
        {
            return null;
        }

        if (!_inner.TryGetValue(field, out ConfigFields? inner))
        {
            _inner[field] = inner = new ConfigFields($"{_path}: {field}", _root.GetProperty(field) is { ValueKind: JsonValueKind.Object } value ? value : throw Bad(field, "an object"));
        }

        return inner;
    }

    /// <summary>An object inside, completed by fields of this one and by defaults, or null where it is absent or null.</summary>
    /// <param name="field">The object.</param>
    /// <param name="shared">Fields that count from here where the object lacks them.</param>
    /// <param name="defaults">Values for fields that both lack.</param>
    public ConfigFields? ObjectWith(string field, IEnumerable<string> shared, JsonObject defaults)
    {
        if (Object(field) is not ConfigFields inner)
        {
            return null;
        }

        // Of a name that stands twice the last value counts, as everywhere in these files.
        var completed = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in inner._root.EnumerateObject())
        {
            completed[property.Name] = property.Value;
        }

        foreach (string name in shared.Where(Contains))
        {
            _ = completed.TryAdd(name, _root.GetProperty(name));
        }

        foreach ((string name, JsonNode? value) in defaults)
        {
            _ = completed.TryAdd(name, JsonSerializer.SerializeToElement(value));
        }

        return _inner[field] = new ConfigFields(inner._path, JsonSerializer.SerializeToElement(completed));
    }

    /// <summary>Whether a field is there, be it null.</summary>
    public bool Contains(string field)
    {
        _ = _read.Add(field);
        return _root.TryGetProperty(field, out _);
    }

    public string String(string field)
    {
        return JsonField.StringOf(Required(field)) ?? throw Bad(field, "a string");
    }

    public string String(string field, string fallback)
    {
        return Has(field) ? String(field) : fallback;
    }

    public int Positive(string field)
    {
        return Required(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number is > 0 and <= Largest
            ? number
            : throw Bad(field, $"a positive integer up to {Largest}");
    }

    /// <summary>A positive integer that is not beyond reason; see <see cref="SizeLimits"/>.</summary>
    public int Size(string field, int most)
    {
        return Positive(field) is var size && size <= most ? size : throw Bad(field, $"at most {most:N0}");
    }

    /// <summary>The same, or a fallback where the field is absent or null.</summary>
    public int Size(string field, int most, int fallback)
    {
        return Has(field) ? Size(field, most) : fallback;
    }

    public int Positive(string field, int fallback)
    {
        return Has(field) ? Positive(field) : fallback;
    }

    public double PositiveReal(string field)
    {
        return Required(field) is var value && IsPositiveReal(value)
            ? value.GetDouble()
            : throw Bad(field, "a positive number");
    }

    public double PositiveReal(string field, double fallback)
    {
        return Has(field) ? PositiveReal(field) : fallback;
    }

    /// <summary>A positive number, null where the field is null, and a fallback where it is absent.</summary>
    public double? OptionalReal(string field, double? absent)
    {
        return !Contains(field) ? absent : Has(field) ? PositiveReal(field) : null;
    }

    /// <summary>A positive integer, null where the field is null, and a fallback where it is absent.</summary>
    public int? OptionalPositive(string field, int? absent)
    {
        return !Contains(field) ? absent : Has(field) ? Positive(field) : null;
    }

    public bool Flag(string field, bool fallback)
    {
        return !Has(field) ? fallback
            : _root.GetProperty(field).ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Bad(field, "true or false"),
            };
    }

    /// <summary>A list of strings, or null where the field is absent or null.</summary>
    public IReadOnlyList<string>? Strings(string field)
    {
        return !Has(field) ? null
            : _root.GetProperty(field) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(item => JsonField.StringOf(item) is not null)
                ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
                : throw Bad(field, "a list of strings");
    }

    /// <summary>A list of positive numbers.</summary>
    public IReadOnlyList<double> PositiveReals(string field)
    {
        return Required(field) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsPositiveReal)
            ? [.. list.EnumerateArray().Select(item => item.GetDouble())]
            : throw Bad(field, "a list of positive numbers");
    }

    /// <summary>A token id or a list of them; empty where absent or null.</summary>
    public IReadOnlyList<int> Ids(string field)
    {
        if (!Has(field))
        {
            return [];
        }

        JsonElement value = _root.GetProperty(field);
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) ? id : throw Bad(field, "a token id or a list of them"))];
    }

    public WorkbenchException Bad(string field, string expected)
    {
        return new WorkbenchException($"{Place(field)} should be {expected} but is {(_root.TryGetProperty(field, out JsonElement value) ? JsonField.Shorten(value.GetRawText()) : "absent")}.");
    }

    /// <summary>Refuses a field that nobody read and that may change what the model computes.</summary>
    /// <exception cref="WorkbenchException">There is one.</exception>
    public void RefuseUnread()
    {
        foreach (JsonProperty property in _root.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !HarmlessFields.Contains(property))
            {
                throw new WorkbenchException(
                    $"{Place(property.Name)} is {JsonField.Shorten(property.Value.GetRawText())}, a field that this build does not know; the model may differ from its architecture: remove the field if it changes nothing.");
            }
        }

        foreach (ConfigFields inner in _inner.Values)
        {
            inner.RefuseUnread();
        }
    }

    private static bool IsPositiveReal(JsonElement value)
    {
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number > 0 && double.IsFinite(number);
    }

    private JsonElement Required(string field)
    {
        _ = _read.Add(field);
        return _root.TryGetProperty(field, out JsonElement value) ? value : throw Bad(field, "present");
    }
}
