using System.Text.Json;

namespace Workbench.Text.Tokenizers;

/// <summary>A value of a JSON file that knows its place, so that each complaint names file and field.</summary>
internal readonly record struct JsonField(string File, string Path, JsonElement Value)
{
    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A member, null where it is absent.</summary>
    public JsonField this[string name]
    {
        get
        {
            Require(JsonValueKind.Object, "an object");
            Value.TryGetProperty(name, out JsonElement member);
            return new JsonField(File, Path.Length == 0 ? name : $"{Path}.{name}", member);
        }
    }

    public IEnumerable<JsonField> Items()
    {
        Require(JsonValueKind.Array, "an array");
        JsonField self = this;
        return Value.EnumerateArray().Select((item, index) => new JsonField(self.File, $"{self.Path}[{index}]", item));
    }

    public IEnumerable<KeyValuePair<string, JsonField>> Members()
    {
        Require(JsonValueKind.Object, "an object");
        JsonField self = this;
        return Value.EnumerateObject()
            .Select(member => KeyValuePair.Create(member.Name, new JsonField(self.File, $"{self.Path}.{member.Name}", member.Value)));
    }

    public string Text()
    {
        Require(JsonValueKind.String, "a string");
        return Value.GetString()!;
    }

    public string? TextOrNull()
    {
        return IsNull ? null : Text();
    }

    public int Id()
    {
        return Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int id) && id >= 0
            ? id
            : throw Wrong("a token id (a whole number from 0)");
    }

    public bool Flag(bool whenAbsent)
    {
        return Value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ when IsNull => whenAbsent,
            _ => throw Wrong("true or false"),
        };
    }

    public WorkbenchException Wrong(string expected)
    {
        return new WorkbenchException($"{File}: field '{Path}' must be {expected}, but is {Shown()}; check that the file is whole and a tokenizer.json.");
    }

    /// <summary>The refusal of something valid that this program does not do.</summary>
    /// <param name="supported">What it does instead.</param>
    public WorkbenchException Unsupported(string supported)
    {
        return new WorkbenchException($"{File}: field '{Path}' is {Shown()}, which is not supported ({supported}); use a model with a byte-level BPE tokenizer.");
    }

    private void Require(JsonValueKind kind, string expected)
    {
        if (Value.ValueKind != kind)
        {
            throw Wrong(expected);
        }
    }

    private string Shown()
    {
        const int Most = 80;
        string raw = Value.ValueKind switch
        {
            JsonValueKind.Undefined => "absent",
            JsonValueKind.String => $"'{Value.GetString()}'",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => Value.GetRawText(),
        };
        return raw.Length <= Most ? raw : $"{raw[..Most]}...";
    }
}
