using System.Globalization;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Python's rules for values: truth, equality, order, printing, members.</summary>
internal static class TemplateValues
{
    public static bool IsTrue(object? value)
    {
        return value switch
        {
            null or TemplateUndefined => false,
            bool flag => flag,
            long number => number != 0,
            double number => number != 0,
            string text => text.Length > 0,
            List<object?> list => list.Count > 0,
            Dictionary<string, object?> map => map.Count > 0,
            _ => true,
        };
    }

    public static string Print(object? value)
    {
        return value switch
        {
            null => "None",
            TemplateUndefined => "",
            bool flag => flag ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => PrintReal(number),
            string text => text,
            _ => throw TemplateError.Running($"it prints {Name(value)} as it is, which has no text here"),
        };
    }

    public static string PrintReal(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInteger(number) && !text.Contains('E', StringComparison.Ordinal) ? $"{text}.0" : text;
    }

    public static new bool Equals(object? left, object? right)
    {
        return (left, right) switch
        {
            (null, null) => true,
            (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
            (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Equals(pair.First, pair.Second)),
            (Dictionary<string, object?> a, Dictionary<string, object?> b) =>
                a.Count == b.Count && a.All(member => b.TryGetValue(member.Key, out object? other) && Equals(member.Value, other)),
            _ when Number(left) is { } a && Number(right) is { } b => a == b,
            _ => ReferenceEquals(left, right),
        };
    }

    public static int Compare(object? left, object? right)
    {
        return (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            _ when Number(left) is { } a && Number(right) is { } b => a.CompareTo(b),
            _ => throw TemplateError.Running($"it orders {Name(left)} and {Name(right)}"),
        };
    }

    /// <summary>The number that a value is in Python, where true is 1; null for other values.</summary>
    public static double? Number(object? value)
    {
        return value switch
        {
            bool flag => flag ? 1 : 0,
            long number => number,
            double number => number,
            _ => null,
        };
    }

    public static long Integer(object? value)
    {
        return value switch
        {
            long number => number,
            bool flag => flag ? 1 : 0,
            _ => throw TemplateError.Running($"it needs a whole number and has {Name(value)}"),
        };
    }

    public static string Text(object? value)
    {
        return value as string ?? throw TemplateError.Running($"it needs a string and has {Name(value)}");
    }

    /// <summary>The values that a loop over this one sees: items of a list, keys of a map, characters of a string.</summary>
    public static List<object?> Items(object? value)
    {
        return value switch
        {
            List<object?> list => list,
            Dictionary<string, object?> map => [.. map.Keys],
            string text => [.. text.EnumerateRunes().Select(rune => rune.ToString())],
            TemplateUndefined => [],
            _ => throw TemplateError.Running($"it goes over {Name(value)} as if it were a list"),
        };
    }

    public static bool Contains(object? container, object? value)
    {
        return container switch
        {
            string text => text.Contains(Text(value), StringComparison.Ordinal),
            Dictionary<string, object?> map => value is string key && map.ContainsKey(key),
            List<object?> list => list.Any(item => Equals(item, value)),
            TemplateUndefined => false,
            _ => throw TemplateError.Running($"it looks for a value in {Name(container)}"),
        };
    }

    public static object? Member(object? value, object? key)
    {
        return (value, key) switch
        {
            (TemplateUndefined, _) => throw TemplateError.Running($"it asks for '{key}' of something undefined"),
            (Dictionary<string, object?> map, string name) => map.TryGetValue(name, out object? found) ? found : TemplateUndefined.Value,
            (TemplateNamespace space, string name) => space.Members.TryGetValue(name, out object? found) ? found : TemplateUndefined.Value,
            (List<object?> list, long index) => At(list, index),
            (string text, long index) => At(Items(text), index),
            _ => TemplateUndefined.Value,
        };
    }

    public static string Name(object? value)
    {
        return value switch
        {
            null => "none",
            TemplateUndefined => "something undefined",
            bool => "a truth value",
            long or double => "a number",
            string => "a string",
            List<object?> => "a list",
            _ => "a mapping",
        };
    }

    private static object? At(List<object?> list, long index)
    {
        long place = index < 0 ? list.Count + index : index;
        return place >= 0 && place < list.Count ? list[(int)place] : TemplateUndefined.Value;
    }
}
