using System.Text;
using Workbench.Text.Tokenizers.PreTokenization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Makes spaces of the character that stands for them; those of the first token are dropped where one was put there.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool dropsFirst) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            tokens[index] = tokens[index].Replace(replacement, index == 0 && dropsFirst ? "" : " ", StringComparison.Ordinal);
        }
    }

    public TokenContent Inside(TokenContent token)
    {
        return token with { Text = token.Text.Replace(replacement, " ", StringComparison.Ordinal) };
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "Metaspace";

        public IDecoder Read(JsonField field)
        {
            field.Only("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
            return new MetaspaceDecoder(field["replacement"].Character().ToString(), MetaspacePrefixes.Read(field) != MetaspacePrefix.Never);
        }
    }
}
