namespace Workbench.Text.Tokenizers.Chat;

/// <summary>An object whose members a template sets, even from within a loop.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
