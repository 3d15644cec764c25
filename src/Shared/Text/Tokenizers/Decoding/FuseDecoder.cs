using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Joins all tokens to one, so that what follows sees the text as a whole.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public void Decode(List<string> tokens)
    {
        string text = string.Concat(tokens);
        tokens.Clear();
        tokens.Add(text);
    }

    public TokenContent Inside(TokenContent token)
    {
        return token;
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "Fuse";

        public IDecoder Read(JsonField field)
        {
            field.Only();
            return new FuseDecoder();
        }
    }
}
