using System.Text;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Puts a space on either side of each CJK ideograph (the blocks that BERT names).</summary>
internal sealed class IdeographSpacer : CharacterNormalizer
{
    protected override void Rewrite(Rune next, ref TextRewriter rewriter)
    {
        if (!IsIdeograph(next.Value))
        {
            rewriter.Take(next);
            return;
        }

        rewriter.Take(new Rune(' '));
        rewriter.Insert(next);
        rewriter.Insert(new Rune(' '));
    }

    private static bool IsIdeograph(int code)
    {
        return code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
            or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
    }
}
