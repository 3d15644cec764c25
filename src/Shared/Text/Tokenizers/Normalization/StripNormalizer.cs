using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Drops white space at the borders of the text.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        int start = left ? text.Length - text.TrimStart().Length : 0;
        int end = right ? Math.Max(text.TrimEnd().Length, start) : text.Length;
        if (start == 0 && end == text.Length)
        {
            return null;
        }

        var rewriter = new TextRewriter(text);
        while (rewriter.TryPeek(out Rune next) && rewriter.Position < end)
        {
            if (rewriter.Position < start)
            {
                rewriter.Skip();
            }
            else
            {
                rewriter.Take(next);
            }
        }

        return rewriter.Finish();
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Strip";

        public INormalizer Read(JsonField field)
        {
            field.Only("strip_left", "strip_right");
            return new StripNormalizer(field["strip_left"].Flag(whenAbsent: true), field["strip_right"].Flag(whenAbsent: true));
        }
    }
}
