using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Drops NUL, U+FFFD and what is not assigned to be seen (categories Cc, Cf, Co), and makes every white space a space.</summary>
internal sealed class ControlCleaner : CharacterNormalizer
{
    protected override void Rewrite(Rune next, ref TextRewriter rewriter)
    {
        if (next.Value is '\t' or '\n' or '\r')
        {
            rewriter.Take(new Rune(' '));
        }
        else if (next == Rune.ReplacementChar
            || Rune.GetUnicodeCategory(next) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse)
        {
            rewriter.Skip();
        }
        else
        {
            rewriter.Take(Rune.IsWhiteSpace(next) ? new Rune(' ') : next);
        }
    }
}
