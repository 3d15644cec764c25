namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Reads a template's tokens in order.</summary>
internal sealed class TokenReader(IReadOnlyList<TemplateToken> tokens)
{
    private int _position;

    public TemplateToken Current => tokens[_position];

    public TemplateToken Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    public TemplateToken Take()
    {
        TemplateToken token = Current;
        _position = Math.Min(_position + 1, tokens.Count - 1);
        return token;
    }

    public bool TryTake(string symbol)
    {
        bool found = Current.Is(symbol);
        if (found)
        {
            Take();
        }

        return found;
    }

    public void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    public TemplateToken Expect(TemplateTokenKind kind, string what)
    {
        return Current.Kind == kind ? Take() : throw Unexpected(what);
    }

    public WorkbenchException Unexpected(string expected)
    {
        return TemplateError.At(Current.Line, $"'{Current.Text}' where {expected} is expected");
    }
}
