namespace Workbench.Text.Tokenizers.Chat;

/// <summary>What may stand after <c>is</c>.</summary>
internal static class TemplateTests
{
    private static readonly Dictionary<string, Func<object?, object?[], bool>> s_tests = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not TemplateUndefined,
        ["undefined"] = (value, _) => value is TemplateUndefined,
        ["none"] = (value, _) => value is null,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["boolean"] = (value, _) => value is bool,
        ["string"] = (value, _) => value is string,
        ["number"] = (value, _) => TemplateValues.Number(value) is not null,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["mapping"] = (value, _) => value is Dictionary<string, object?>,
        ["sequence"] = (value, _) => value is string or List<object?> or Dictionary<string, object?>,
        ["iterable"] = (value, _) => value is string or List<object?> or Dictionary<string, object?>,
        ["odd"] = (value, _) => TemplateValues.Integer(value) % 2 != 0,
        ["even"] = (value, _) => TemplateValues.Integer(value) % 2 == 0,
        ["divisibleby"] = (value, others) => TemplateValues.Integer(value) % TemplateValues.Integer(others[0]) == 0,
        ["in"] = (value, others) => TemplateValues.Contains(others[0], value),
        ["equalto"] = (value, others) => TemplateValues.Equals(value, others[0]),
        ["eq"] = (value, others) => TemplateValues.Equals(value, others[0]),
        ["=="] = (value, others) => TemplateValues.Equals(value, others[0]),
        ["ne"] = (value, others) => !TemplateValues.Equals(value, others[0]),
        ["!="] = (value, others) => !TemplateValues.Equals(value, others[0]),
        ["lt"] = (value, others) => TemplateValues.Compare(value, others[0]) < 0,
        ["gt"] = (value, others) => TemplateValues.Compare(value, others[0]) > 0,
    };

    private static readonly HashSet<string> s_binary = ["divisibleby", "in", "equalto", "eq", "==", "ne", "!=", "lt", "gt"];

    public static bool Exists(string name)
    {
        return s_tests.ContainsKey(name);
    }

    /// <summary>Whether the test compares with another value.</summary>
    public static bool IsBinary(string name)
    {
        return s_binary.Contains(name);
    }

    public static bool Holds(string name, object? value, object?[] others)
    {
        return IsBinary(name) == (others.Length == 1) && others.Length <= 1
            ? s_tests[name](value, others)
            : throw TemplateError.Running($"the test '{name}' has {others.Length} arguments");
    }
}
