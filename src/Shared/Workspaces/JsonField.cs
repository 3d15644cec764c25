using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Workbench.Workspaces;

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

    /// <summary>How many items an array has.</summary>
    public int Count()
    {
        Require(JsonValueKind.Array, "an array");
        return Value.GetArrayLength();
    }

    /// <summary>An item of an array.</summary>
    public JsonField At(int index)
    {
        return new JsonField(File, $"{Path}[{index}]", Value[index]);
    }

    public IEnumerable<KeyValuePair<string, JsonField>> Members()
    {
        Require(JsonValueKind.Object, "an object");
        foreach (JsonProperty member in Value.EnumerateObject())
        {
            yield return KeyValuePair.Create(member.Name, new JsonField(File, $"{Path}.{member.Name}", member.Value));
        }
    }

    public string Text()
    {
        return StringOf(Value) ?? throw Wrong("a string");
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

    /// <summary>A whole number between two bounds.</summary>
    public int Number(int least, int most, int whenAbsent)
    {
        return IsNull ? whenAbsent
            : Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) && number >= least && number <= most ? number
            : throw Wrong($"a whole number from {least} to {most}");
    }

    /// <summary>Bytes written in base 64.</summary>
    public byte[] Base64()
    {
        return Value.ValueKind == JsonValueKind.String && Value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw Wrong("bytes in base 64");
    }

    /// <summary>A string of exactly one character.</summary>
    public Rune Character()
    {
        string text = Text();
        return Rune.DecodeFromUtf16(text, out Rune rune, out int length) == OperationStatus.Done && length == text.Length
            ? rune
            : throw Wrong("one character");
    }

    /// <summary>Refuses members that nothing here would read.</summary>
    public void Only(params string[] names)
    {
        foreach ((string name, JsonField member) in Members())
        {
            if (name != "type" && !names.Contains(name, StringComparer.Ordinal))
            {
                throw member.Unsupported(names.Length == 0 ? "no option is" : $"the options are {string.Join(", ", names)}");
            }
        }
    }

    public WorkbenchException Wrong(string expected)
    {
        return new WorkbenchException($"{File}: field '{Path}' must be {expected}, but is {Shown()}; check that the file is whole and of its kind.");
    }

    /// <summary>The refusal of something valid that this program does not do.</summary>
    /// <param name="supported">What it does instead.</param>
    public WorkbenchException Unsupported(string supported)
    {
        return new WorkbenchException($"{File}: field '{Path}' is {Shown()}, which is not supported ({supported}); use a model with another tokenizer.");
    }

    private void Require(JsonValueKind kind, string expected)
    {
        if (Value.ValueKind != kind)
        {
            throw Wrong(expected);
        }
    }

    /// <summary>The text of a string, or null for another value.</summary>
    public static string? StringOf(JsonElement value)
    {
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>A value as messages show it, cut where it is long.</summary>
    public static string Shorten(string raw)
    {
        const int Most = 80;
        return raw.Length <= Most ? raw : $"{raw[..Most]}...";
    }

    private string Shown()
    {
        return Shorten(Value.ValueKind switch
        {
            JsonValueKind.Undefined => "absent",
            JsonValueKind.String => $"'{Value.GetString()}'",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => Value.GetRawText(),
        });
    }
}
