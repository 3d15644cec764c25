using System.Globalization;
using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Drops combining marks that take no room (category Mn). Put a decomposition before it.</summary>
internal sealed class StripAccentsNormalizer : CharacterNormalizer
{
    protected override void Rewrite(Rune next, ref TextRewriter rewriter)
    {
        if (Rune.GetUnicodeCategory(next) == UnicodeCategory.NonSpacingMark)
        {
            rewriter.Skip();
        }
        else
        {
            rewriter.Take(next);
        }
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "StripAccents";

        public INormalizer Read(JsonField field)
        {
            field.Only();
            return new StripAccentsNormalizer();
        }
    }
}
