namespace Workbench.Text.Tokenizers.Chat;

/// <summary>The sentences in which a template is refused.</summary>
internal static class TemplateError
{
    /// <summary>Something that the template has and this evaluator does not.</summary>
    public static WorkbenchException At(int line, string construct)
    {
        return new WorkbenchException($"The model's chat template uses {construct} in line {line}, which is not supported; write the prompt out without the chat template.");
    }

    /// <summary>Something that went wrong while the template ran.</summary>
    public static WorkbenchException Running(string problem)
    {
        return new WorkbenchException($"The model's chat template failed: {problem}; check the conversation's roles, or write the prompt out without the chat template.");
    }
}
