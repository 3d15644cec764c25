using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Drops a character from the borders of each token, at most so many times.</summary>
internal sealed class StripDecoder(Rune content, int start, int stop) : IDecoder
{
    private readonly string _content = content.ToString();

    public void Decode(List<string> tokens)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            ReadOnlySpan<char> token = tokens[index];
            for (int cut = 0; cut < start && token.StartsWith(_content, StringComparison.Ordinal); cut++)
            {
                token = token[_content.Length..];
            }

            for (int cut = 0; cut < stop && token.EndsWith(_content, StringComparison.Ordinal); cut++)
            {
                token = token[..^_content.Length];
            }

            if (token.Length < tokens[index].Length)
            {
                tokens[index] = token.ToString();
            }
        }
    }

    /// <summary>After <see cref="FuseDecoder"/>, as it is used, it concerns the borders of the text alone.</summary>
    public TokenContent Inside(TokenContent token)
    {
        return token;
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "Strip";

        public IDecoder Read(JsonField field)
        {
            field.Only("content", "start", "stop");
            return new StripDecoder(
                field["content"].Character(),
                field["start"].Number(0, int.MaxValue, whenAbsent: 0),
                field["stop"].Number(0, int.MaxValue, whenAbsent: 0));
        }
    }
}
