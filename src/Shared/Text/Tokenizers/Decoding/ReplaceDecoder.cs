using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PreTokenization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Replaces what a pattern matches within each token.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : IDecoder
{
    private readonly ReplaceNormalizer _replacement = new(pattern, content);

    public void Decode(List<string> tokens)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            tokens[index] = Replace(tokens[index]);
        }
    }

    public TokenContent Inside(TokenContent token)
    {
        return token with { Text = Replace(token.Text) };
    }

    private string Replace(string token)
    {
        return _replacement.Normalize(token)?.Text ?? token;
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "Replace";

        public IDecoder Read(JsonField field)
        {
            field.Only("pattern", "content");
            return new ReplaceDecoder(PatternReader.Read(field["pattern"]), field["content"].Text());
        }
    }
}
