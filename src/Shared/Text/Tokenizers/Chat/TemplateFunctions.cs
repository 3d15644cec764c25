namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The functions that chat templates call. There is no date: the same conversation gives the same prompt every day.</summary>
internal static class TemplateFunctions
{
    private static readonly Dictionary<string, Func<TemplateArguments, object?>> s_functions = new(StringComparer.Ordinal)
    {
        ["raise_exception"] = call => throw new WorkbenchException(
            $"The model's chat template refuses the conversation: {TemplateValues.Print(call.Get(0, "message", ""))}."),
        ["namespace"] = Namespace,
        ["dict"] = call => new Dictionary<string, object?>(call.Named, StringComparer.Ordinal),
        ["range"] = Range,
    };

    public static bool Exists(string name)
    {
        return s_functions.ContainsKey(name);
    }

    public static object? Call(string name, TemplateArguments call)
    {
        return s_functions[name](call);
    }

    private static TemplateNamespace Namespace(TemplateArguments call)
    {
        var space = new TemplateNamespace();
        foreach ((string name, object? value) in call.Named)
        {
            space.Members[name] = value;
        }

        return space;
    }

    private static List<object?> Range(TemplateArguments call)
    {
        const int Most = 100_000;
        long[] bounds = [.. call.Positional.Select(TemplateValues.Integer)];
        (long start, long stop, long step) = bounds switch
        {
            [long end] => (0, end, 1),
            [long first, long end] => (first, end, 1),
            [long first, long end, long by] when by != 0 => (first, end, by),
            _ => throw TemplateError.Running("it calls 'range' without proper bounds"),
        };
        var numbers = new List<object?>();
        for (long number = start; step > 0 ? number < stop : number > stop; number += step)
        {
            numbers.Add(numbers.Count < Most ? number : throw TemplateError.Running($"it asks for more than {Most} numbers"));
        }

        return numbers;
    }
}
