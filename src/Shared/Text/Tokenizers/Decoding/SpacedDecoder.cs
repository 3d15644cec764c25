namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>What the reference library does without a decoder: tokens with a space between them.</summary>
internal sealed class SpacedDecoder : IDecoder
{
    public void Decode(List<string> tokens)
    {
        string text = string.Join(' ', tokens);
        tokens.Clear();
        tokens.Add(text);
    }

    public TokenContent Inside(TokenContent token)
    {
        return token with { Text = " " + token.Text };
    }
}
