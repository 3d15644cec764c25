using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Settings;

/// <summary>One thing that a user may set, as <see cref="SettingAttribute"/> declares it.</summary>
internal sealed class TrainingSetting
{
    private const string None = "none";

    private readonly SettingAttribute _declared;
    private readonly Type _type;
    private readonly bool _mayBeNull;

    private TrainingSetting(PropertyInfo property, SettingAttribute declared)
    {
        _declared = declared;
        _type = property.PropertyType;
        Key = KeyOf(property.Name);
        _mayBeNull = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        Default = declared.Default is null ? null : JsonSerializer.SerializeToElement(declared.Default, WorkbenchJson.Options);
    }

    /// <summary>All settings, in the order of the configuration.</summary>
    public static IReadOnlyList<TrainingSetting> All { get; } =
    [
        .. typeof(TrainingConfig).GetProperties()
            .Select(property => (Property: property, Declared: property.GetCustomAttribute<SettingAttribute>()))
            .Where(pair => pair.Declared is not null)
            .Select(pair => new TrainingSetting(pair.Property, pair.Declared!)),
    ];

    /// <summary>The key in configuration files.</summary>
    public string Key { get; }

    public string Flag => _declared.Flag;

    public string Help => _declared.Help;

    public JsonElement? Default { get; }

    public bool IsFree => _declared.IsFree;

    /// <summary>Whether a flag may be repeated.</summary>
    public bool IsList => _type == typeof(IReadOnlyList<string>);

    /// <summary>The JSON key of a property.</summary>
    public static string KeyOf(string property)
    {
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
    }

    /// <summary>A setting by its key, or null where there is none.</summary>
    public static TrainingSetting? Find(string key)
    {
        return All.FirstOrDefault(setting => setting.Key == key);
    }

    /// <summary>The value of a flag's arguments.</summary>
    /// <exception cref="UsageException">It is of another type than expected.</exception>
    public JsonElement Parse(IReadOnlyList<string> arguments)
    {
        if (IsList)
        {
            return JsonSerializer.SerializeToElement(arguments);
        }

        if (_mayBeNull && arguments[0] == None)
        {
            return JsonSerializer.SerializeToElement<object?>(null);
        }

        JsonElement value = IsText ? JsonSerializer.SerializeToElement(arguments[0]) : Number(arguments[0]);
        Check(value, Flag);
        return value;
    }

    /// <summary>Checks type and bounds.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">What to call it: the flag, or the key and its file.</param>
    /// <exception cref="UsageException">It does not fit.</exception>
    public void Check(JsonElement value, string name)
    {
        if (!Fits(value))
        {
            throw new UsageException($"{name} is {value.GetRawText()}, where {Expected} was expected.");
        }
    }

    private string Expected
    {
        get
        {
            string kind = IsList ? "a list of texts"
                : _declared.Words is string[] words ? string.Join(", ", words[..^1]) + " or " + words[^1]
                : IsText ? "a text"
                : IsWhole ? "a whole number" : "a number";
            return kind
                + (double.IsFinite(_declared.Least) ? string.Create(CultureInfo.InvariantCulture, $" of at least {_declared.Least}") : string.Empty)
                + (double.IsFinite(_declared.Above) ? string.Create(CultureInfo.InvariantCulture, $" above {_declared.Above}") : string.Empty)
                + (_mayBeNull ? ", or none" : string.Empty);
        }
    }

    private bool IsText => _type == typeof(string);

    private Type ValueType => Nullable.GetUnderlyingType(_type) ?? _type;

    private bool IsWhole => ValueType == typeof(int) || ValueType == typeof(long);

    private bool Fits(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return _mayBeNull;
        }

        if (IsList)
        {
            return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        }

        if (IsText)
        {
            return value.ValueKind == JsonValueKind.String && (_declared.Words is null || _declared.Words.Contains(value.GetString()));
        }

        bool typed = value.ValueKind == JsonValueKind.Number
            && (ValueType == typeof(int) ? value.TryGetInt32(out _) : ValueType != typeof(long) || value.TryGetInt64(out _));
        return typed && value.GetDouble() is double number && double.IsFinite(number) && number >= _declared.Least && number > _declared.Above;
    }

    private JsonElement Number(string text)
    {
        bool whole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer);
        bool number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real);
        return whole ? JsonSerializer.SerializeToElement(integer)
            : number ? JsonSerializer.SerializeToElement(real)
            : JsonSerializer.SerializeToElement(text);
    }
}
