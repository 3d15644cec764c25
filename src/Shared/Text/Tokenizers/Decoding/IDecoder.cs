namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>One step from tokens, as they are written, to text.</summary>
internal interface IDecoder
{
    /// <summary>Rewrites the list. What stands in it at the end is joined.</summary>
    void Decode(List<string> tokens);

    /// <summary>What a token is worth amid a text.</summary>
    TokenContent Inside(TokenContent token);
}
