using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>A model's chat template: the subset of Jinja that chat templates are written in, as transformers sets it up.</summary>
internal sealed class ChatTemplate
{
    private readonly TemplateStatement _body;

    private ChatTemplate(TemplateStatement body)
    {
        _body = body;
    }

    /// <exception cref="WorkbenchException">The template uses something that is not supported; the sentence names it and its line.</exception>
    public static ChatTemplate Parse(string source)
    {
        return new ChatTemplate(new StatementParser(new TokenReader(TemplateLexer.Read(source))).ParseTemplate());
    }

    /// <param name="messages">The conversation.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the assistant's next turn begins.</param>
    /// <param name="variables">Further names: the texts of special tokens.</param>
    /// <exception cref="WorkbenchException">The template refuses the conversation or fails.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, IReadOnlyDictionary<string, string> variables)
    {
        var scope = new TemplateScope(null);
        scope.Set("messages", messages.Select(AsMap).ToList());
        scope.Set("add_generation_prompt", addGenerationPrompt);
        scope.Set("tools", null);
        scope.Set("documents", null);
        foreach ((string name, string value) in variables)
        {
            scope.Set(name, value);
        }

        var output = new StringBuilder();
        _body(scope, output);
        return output.ToString();
    }

    private static object? AsMap(ChatMessage message)
    {
        return new Dictionary<string, object?>(StringComparer.Ordinal) { ["role"] = message.Role, ["content"] = message.Content };
    }
}
