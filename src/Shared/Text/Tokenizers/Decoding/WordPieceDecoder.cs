using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Puts a space before each token that does not continue a word, and takes it away before English punctuation.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : IDecoder
{
    private static readonly (string From, string To)[] s_cleanings =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public void Decode(List<string> tokens)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            tokens[index] = Clean(index == 0 ? tokens[index] : Joined(tokens[index]));
        }
    }

    public TokenContent Inside(TokenContent token)
    {
        return token with { Text = Clean(Joined(token.Text)) };
    }

    private string Joined(string token)
    {
        return token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
    }

    private string Clean(string token)
    {
        return cleansUp && token.Contains(' ', StringComparison.Ordinal)
            ? s_cleanings.Aggregate(token, (text, cleaning) => text.Replace(cleaning.From, cleaning.To, StringComparison.Ordinal))
            : token;
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "WordPiece";

        public IDecoder Read(JsonField field)
        {
            field.Only("prefix", "cleanup");
            return new WordPieceDecoder(field["prefix"].TextOrNull() ?? "##", field["cleanup"].Flag(whenAbsent: true));
        }
    }
}
