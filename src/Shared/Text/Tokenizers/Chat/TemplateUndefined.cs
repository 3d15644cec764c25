namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The value of a name or member that does not exist: prints as nothing, is false, and has no members.</summary>
internal sealed class TemplateUndefined
{
    public static TemplateUndefined Value { get; } = new();
}
