using System.Text;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>A normaliser that treats each character by itself.</summary>
internal abstract class CharacterNormalizer : INormalizer
{
    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        var rewriter = new TextRewriter(text);
        while (rewriter.TryPeek(out Rune next))
        {
            Rewrite(next, ref rewriter);
        }

        return rewriter.Finish();
    }

    /// <summary>Takes or skips the next character.</summary>
    protected abstract void Rewrite(Rune next, ref TextRewriter rewriter);
}
