using Workbench.Text.Tokenizers.Normalization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Makes the model work on bytes, after GPT-2's pattern where that is asked for.</summary>
internal sealed class ByteLevelStep(bool prefixSpace, SplitStep? split) : IPreTokenizer
{
    /// <summary>GPT-2's pattern, which <c>use_regex</c> stands for.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly PrependNormalizer s_prefix = new(" ");

    public bool EndsInBytes => true;

    public void Apply(ref TextPieces pieces)
    {
        if (prefixSpace)
        {
            pieces.Rewrite(static (piece, _) => piece.StartsWith(' ') ? null : s_prefix.Normalize(piece));
        }

        split?.Apply(ref pieces);
    }

    private sealed class Reader : IStepReader<IPreTokenizer>
    {
        public string Type => "ByteLevel";

        public IPreTokenizer Read(JsonField field)
        {
            field.Only("add_prefix_space", "trim_offsets", "use_regex");
            return new ByteLevelStep(
                field["add_prefix_space"].Flag(whenAbsent: true),
                field["use_regex"].Flag(whenAbsent: true) ? SplitStep.Isolate(Gpt2Pattern) : null);
        }
    }
}
