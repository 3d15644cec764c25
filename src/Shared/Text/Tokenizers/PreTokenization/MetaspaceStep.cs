using System.Text;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Writes a visible character for each space and puts one at the front, as SentencePiece does.</summary>
internal sealed class MetaspaceStep : IPreTokenizer
{
    private readonly char _replacement;
    private readonly MetaspacePrefix _prefix;
    private readonly SplitStep? _split;
    private readonly ReplaceNormalizer _spaces;
    private readonly PrependNormalizer _prepend;

    public MetaspaceStep(char replacement, MetaspacePrefix prefix, bool split)
    {
        _replacement = replacement;
        _prefix = prefix;
        _split = split ? new SplitStep(new RunePattern(rune => rune.Value == replacement), SplitBehavior.MergedWithNext) : null;
        _spaces = new ReplaceNormalizer(new TextPattern(" "), replacement.ToString());
        _prepend = new PrependNormalizer(replacement.ToString());
    }

    public void Apply(ref TextPieces pieces)
    {
        pieces.Rewrite(Rewrite);
        _split?.Apply(ref pieces);
    }

    private AlignedText? Rewrite(ReadOnlySpan<char> piece, bool isFirst)
    {
        AlignedText? replaced = _spaces.Normalize(piece);
        ReadOnlySpan<char> text = replaced is null ? piece : replaced.Text;
        bool prepends = _prefix == MetaspacePrefix.Always || (_prefix == MetaspacePrefix.First && isFirst);
        return prepends && !text.StartsWith(_replacement) ? _prepend.Normalize(text)?.Over(replaced) : replaced;
    }

    private sealed class Reader : IStepReader<IPreTokenizer>
    {
        public string Type => "Metaspace";

        public IPreTokenizer Read(JsonField field)
        {
            field.Only("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
            Rune replacement = field["replacement"].Character();
            return replacement.IsBmp
                ? new MetaspaceStep((char)replacement.Value, MetaspacePrefixes.Read(field), field["split"].Flag(whenAbsent: true))
                : throw field["replacement"].Unsupported("a character up to U+FFFF is");
        }
    }
}
