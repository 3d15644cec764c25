using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a pattern: <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonField field)
    {
        field.Only("String", "Regex");
        if (field["String"].TextOrNull() is { } text)
        {
            return new TextPattern(text);
        }

        try
        {
            return new RegexPattern(field["Regex"].Text());
        }
        catch (NotSupportedException unsupported)
        {
            throw new WorkbenchException($"{field.File}: field '{field.Path}' cannot be used, because {unsupported.Message}; use a model with another tokenizer.");
        }
    }
}
