namespace Workbench.Text.Tokenizers.Chat;

/// <summary>A token of a template with the line that it stands on, counted from 1.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Line)
{
    public bool Is(string symbol)
    {
        return Kind is TemplateTokenKind.Operator or TemplateTokenKind.Name && Text == symbol;
    }
}
