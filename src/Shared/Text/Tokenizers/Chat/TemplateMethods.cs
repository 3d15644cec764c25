namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The methods of strings and mappings that chat templates call.</summary>
internal static class TemplateMethods
{
    public static object? Call(object? target, string name, TemplateArguments call)
    {
        return target switch
        {
            string text => CallText(text, name, call),
            Dictionary<string, object?> map => CallMap(map, name, call),
            _ => throw TemplateError.Running($"it calls '{name}' of {TemplateValues.Name(target)}, which is not supported"),
        };
    }

    public static string Strip(string text, object? characters, bool start, bool end)
    {
        if (characters is null)
        {
            return (start, end) switch
            {
                (true, true) => text.Trim(),
                (true, false) => text.TrimStart(),
                _ => text.TrimEnd(),
            };
        }

        char[] set = TemplateValues.Text(characters).ToCharArray();
        return (start, end) switch
        {
            (true, true) => text.Trim(set),
            (true, false) => text.TrimStart(set),
            _ => text.TrimEnd(set),
        };
    }

    public static string Capitalize(string text)
    {
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();
    }

    public static string Title(string text)
    {
        return string.Create(text.Length, text, (title, source) =>
        {
            for (int index = 0; index < source.Length; index++)
            {
                bool first = index == 0 || !char.IsLetter(source[index - 1]);
                title[index] = first ? char.ToUpperInvariant(source[index]) : char.ToLowerInvariant(source[index]);
            }
        });
    }

    private static object? CallText(string text, string name, TemplateArguments call)
    {
        call.Allow(name, 2, "sep", "maxsplit");
        object? first = call.Get(0, "sep", null);
        return name switch
        {
            "strip" => Strip(text, first, start: true, end: true),
            "lstrip" => Strip(text, first, start: true, end: false),
            "rstrip" => Strip(text, first, start: false, end: true),
            "split" => Split(text, first, (int)TemplateValues.Integer(call.Get(1, "maxsplit", -1L))),
            "splitlines" => new List<object?>(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')),
            "startswith" => Any(first, prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
            "endswith" => Any(first, suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
            "upper" => text.ToUpperInvariant(),
            "lower" => text.ToLowerInvariant(),
            "capitalize" => Capitalize(text),
            "title" => Title(text),
            "replace" => text.Replace(TemplateValues.Text(first), TemplateValues.Text(call.Get(1, "new", null)), StringComparison.Ordinal),
            "join" => string.Join(text, TemplateValues.Items(first).Select(TemplateValues.Text)),
            "find" => (long)text.IndexOf(TemplateValues.Text(first), StringComparison.Ordinal),
            _ => throw TemplateError.Running($"it calls the method '{name}' of a string, which is not supported"),
        };
    }

    private static object? CallMap(Dictionary<string, object?> map, string name, TemplateArguments call)
    {
        call.Allow(name, 2);
        return name switch
        {
            "get" => map.TryGetValue(TemplateValues.Text(call.Get(0, "key", null)), out object? value) ? value : call.Get(1, "default", null),
            "items" => map.Select(member => (object?)new List<object?> { member.Key, member.Value }).ToList(),
            "keys" => new List<object?>(map.Keys),
            "values" => new List<object?>(map.Values),
            _ => throw TemplateError.Running($"it calls the method '{name}' of a mapping, which is not supported"),
        };
    }

    private static bool Any(object? candidates, Func<string, bool> holds)
    {
        return candidates is List<object?> list
            ? list.Any(candidate => holds(TemplateValues.Text(candidate)))
            : holds(TemplateValues.Text(candidates));
    }

    private static List<object?> Split(string text, object? separator, int most)
    {
        int count = most < 0 ? int.MaxValue : most + 1;
        return separator is null
            ? SplitOnSpace(text, count)
            : [.. text.Split(TemplateValues.Text(separator), count)];
    }

    private static List<object?> SplitOnSpace(string text, int count)
    {
        var parts = new List<object?>();
        string rest = text.TrimStart();
        while (rest.Length > 0)
        {
            int end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest[end]))
            {
                end++;
            }

            bool last = parts.Count + 1 == count;
            parts.Add(last ? rest : rest[..end]);
            rest = last ? "" : rest[end..].TrimStart();
        }

        return parts;
    }
}
