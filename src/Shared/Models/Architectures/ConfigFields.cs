using System.Text.Json;

namespace Workbench.Models.Architectures;

/// <summary>The fields of a config.json, each read with a sentence ready for what may be wrong with it.</summary>
internal sealed class ConfigFields
{
    private readonly string _path;
    private readonly JsonElement _root;

    private ConfigFields(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    public static ConfigFields Open(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFields(path, json.RootElement.Clone())
                : throw new WorkbenchException($"{path} should hold a JSON object but holds {json.RootElement.ValueKind}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WorkbenchException($"{path} cannot be read as a model's config ({failure.Message}); fetch the folder again.", failure);
        }
    }

    /// <summary>How a field is named in messages.</summary>
    public string Place(string field)
    {
        return $"{_path}: '{field}'";
    }

    public bool Has(string field)
    {
        return _root.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>An object inside, or null where it is absent or null.</summary>
    public ConfigFields? Object(string field)
    {
        return !Has(field) ? null
            : _root.GetProperty(field) is { ValueKind: JsonValueKind.Object } value ? new ConfigFields($"{_path}: {field}", value)
            : throw Bad(field, "an object");
    }

    public string String(string field)
    {
        return Required(field) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Bad(field, "a string");
    }

    public string String(string field, string fallback)
    {
        return Has(field) ? String(field) : fallback;
    }

    public int Positive(string field)
    {
        return Required(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number > 0
            ? number
            : throw Bad(field, "a positive integer");
    }

    public int Positive(string field, int fallback)
    {
        return Has(field) ? Positive(field) : fallback;
    }

    public double PositiveReal(string field)
    {
        return Required(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && number > 0 && double.IsFinite(number)
            ? number
            : throw Bad(field, "a positive number");
    }

    public double PositiveReal(string field, double fallback)
    {
        return Has(field) ? PositiveReal(field) : fallback;
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
        return new WorkbenchException($"{Place(field)} should be {expected} but is {(_root.TryGetProperty(field, out JsonElement value) ? value.GetRawText() : "absent")}.");
    }

    private JsonElement Required(string field)
    {
        return _root.TryGetProperty(field, out JsonElement value) ? value : throw Bad(field, "present");
    }
}
