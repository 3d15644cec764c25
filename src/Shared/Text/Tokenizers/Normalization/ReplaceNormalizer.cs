using System.Text;
using Workbench.Text.Tokenizers.PreTokenization;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Replaces what a pattern matches. The new text stands for the last character of the match.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    [ThreadStatic]
    private static PieceList? s_matches;

    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        PieceList matches = s_matches ??= new PieceList();
        matches.Clear();
        pattern.Find(text, matches);
        if (matches.Count == 0)
        {
            return null;
        }

        var rewriter = new TextRewriter(text);
        foreach ((int start, int length) in matches.Pieces)
        {
            CopyUpTo(start, ref rewriter);
            while (rewriter.Position < start + length)
            {
                rewriter.Skip();
            }

            foreach (Rune rune in content.EnumerateRunes())
            {
                rewriter.Insert(rune);
            }
        }

        CopyUpTo(text.Length, ref rewriter);
        return rewriter.Finish();
    }

    private static void CopyUpTo(int end, ref TextRewriter rewriter)
    {
        while (rewriter.Position < end && rewriter.TryPeek(out Rune next))
        {
            rewriter.Take(next);
        }
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Replace";

        public INormalizer Read(JsonField field)
        {
            field.Only("pattern", "content");
            return new ReplaceNormalizer(PatternReader.Read(field["pattern"]), field["content"].Text());
        }
    }
}
