namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Values of a call: by place and by name.</summary>
internal sealed record TemplateArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static TemplateArguments None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>The argument at a place or of a name, or the fallback where the call has neither.</summary>
    public object? Get(int place, string name, object? fallback)
    {
        return place < Positional.Count ? Positional[place] : Named.TryGetValue(name, out object? value) ? value : fallback;
    }

    /// <summary>Refuses arguments that the callee does not have.</summary>
    public void Allow(string callee, int most, params ReadOnlySpan<string> names)
    {
        if (Positional.Count > most)
        {
            throw TemplateError.Running($"{callee} takes at most {most} arguments here, not {Positional.Count}");
        }

        foreach (string name in Named.Keys)
        {
            if (!names.Contains(name))
            {
                throw TemplateError.Running($"{callee} has no argument '{name}' here");
            }
        }
    }
}
