using System.Globalization;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The filters that chat templates use.</summary>
internal static class TemplateFilters
{
    private static readonly Dictionary<string, Func<object?, TemplateArguments, object?>> s_filters = new(StringComparer.Ordinal)
    {
        ["trim"] = (value, call) => TemplateMethods.Strip(TemplateValues.Print(value), call.Get(0, "chars", null), start: true, end: true),
        ["tojson"] = (value, call) => TemplateJson.Write(value, call.Get(0, "indent", null) is { } indent ? (int)TemplateValues.Integer(indent) : null),
        ["default"] = Default,
        ["d"] = Default,
        ["length"] = (value, _) => Length(value),
        ["count"] = (value, _) => Length(value),
        ["upper"] = (value, _) => TemplateValues.Print(value).ToUpperInvariant(),
        ["lower"] = (value, _) => TemplateValues.Print(value).ToLowerInvariant(),
        ["capitalize"] = (value, _) => TemplateMethods.Capitalize(TemplateValues.Print(value)),
        ["title"] = (value, _) => TemplateMethods.Title(TemplateValues.Print(value)),
        ["first"] = (value, _) => TemplateValues.Member(TemplateValues.Items(value), 0L),
        ["last"] = (value, _) => TemplateValues.Member(TemplateValues.Items(value), -1L),
        ["join"] = (value, call) => string.Join(TemplateValues.Print(call.Get(0, "d", "")), TemplateValues.Items(value).Select(TemplateValues.Print)),
        ["replace"] = (value, call) => TemplateValues.Print(value).Replace(
            TemplateValues.Text(call.Get(0, "old", null)), TemplateValues.Text(call.Get(1, "new", null)), StringComparison.Ordinal),
        ["string"] = (value, _) => TemplateValues.Print(value),
        ["safe"] = (value, _) => value,
        ["int"] = (value, call) => ToInteger(value, call.Get(0, "default", 0L)),
        ["list"] = (value, _) => new List<object?>(TemplateValues.Items(value)),
        ["reverse"] = (value, _) => Reverse(value),
        ["items"] = (value, _) => value is TemplateUndefined ? new List<object?>() : TemplateMethods.Call(value, "items", TemplateArguments.None),
        ["map"] = Map,
        ["select"] = (value, call) => Choose(value, call, wanted: true, attribute: false),
        ["reject"] = (value, call) => Choose(value, call, wanted: false, attribute: false),
        ["selectattr"] = (value, call) => Choose(value, call, wanted: true, attribute: true),
        ["rejectattr"] = (value, call) => Choose(value, call, wanted: false, attribute: true),
    };

    public static bool Exists(string name)
    {
        return s_filters.ContainsKey(name);
    }

    public static object? Apply(string name, object? value, TemplateArguments call)
    {
        return s_filters[name](value, call);
    }

    private static object? Default(object? value, TemplateArguments call)
    {
        bool alsoFalse = TemplateValues.IsTrue(call.Get(1, "boolean", false));
        return value is TemplateUndefined || (alsoFalse && !TemplateValues.IsTrue(value)) ? call.Get(0, "default_value", "") : value;
    }

    private static long Length(object? value)
    {
        return TemplateValues.Items(value).Count;
    }

    private static object? ToInteger(object? value, object? fallback)
    {
        return value switch
        {
            double number => (long)number,
            string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : fallback,
            _ => TemplateValues.Number(value) is { } number ? (long)number : fallback,
        };
    }

    private static object? Reverse(object? value)
    {
        List<object?> items = [.. TemplateValues.Items(value)];
        items.Reverse();
        return value is string ? string.Concat(items) : items;
    }

    private static List<object?> Map(object? value, TemplateArguments call)
    {
        object? attribute = call.Get(int.MaxValue, "attribute", null);
        List<object?> items = TemplateValues.Items(value);
        if (attribute is not null)
        {
            return [.. items.Select(item => TemplateValues.Member(item, attribute))];
        }

        string filter = TemplateValues.Text(call.Get(0, "filter", null));
        return Exists(filter)
            ? [.. items.Select(item => Apply(filter, item, new TemplateArguments([.. call.Positional.Skip(1)], call.Named)))]
            : throw TemplateError.Running($"it maps by the filter '{filter}', which is not supported");
    }

    private static List<object?> Choose(object? value, TemplateArguments call, bool wanted, bool attribute)
    {
        object?[] arguments = [.. call.Positional];
        object? member = attribute ? arguments[0] : null;
        object?[] rest = attribute ? arguments[1..] : arguments;
        string? test = rest.Length > 0 ? TemplateValues.Text(rest[0]) : null;
        if (test is not null && !TemplateTests.Exists(test))
        {
            throw TemplateError.Running($"it selects by the test '{test}', which is not supported");
        }

        return [.. TemplateValues.Items(value).Where(item => Passes(attribute ? TemplateValues.Member(item, member) : item) == wanted)];

        bool Passes(object? subject)
        {
            return test is null ? TemplateValues.IsTrue(subject) : TemplateTests.Holds(test, subject, rest[1..]);
        }
    }
}
