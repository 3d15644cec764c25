namespace Workbench.Text.Tokenizers.Chat;

/// <summary>
/// A compiled expression. Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>,
/// lists and dictionaries of these, <see cref="TemplateNamespace"/> and <see cref="TemplateUndefined"/>.
/// </summary>
internal delegate object? TemplateExpression(TemplateScope scope);
