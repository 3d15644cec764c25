namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Variables in force. What a loop's body sets is gone after each turn.</summary>
internal sealed class TemplateScope(TemplateScope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? Find(string name)
    {
        return _variables.TryGetValue(name, out object? value) ? value : outer is null ? TemplateUndefined.Value : outer.Find(name);
    }

    public void Set(string name, object? value)
    {
        _variables[name] = value;
    }
}
