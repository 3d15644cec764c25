using System.Text;
using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>
/// Cuts between two characters that no merge joins. Nothing is ever merged across such a place, so that both sides have the ids
/// that they have together, and words of a text without pre-tokenizer can be looked up instead of merged again.
/// </summary>
internal sealed class MergeBoundaryStep(HashSet<long> joined, CharacterVocabulary characters) : IPreTokenizer, ITextCutter
{
    public static long Key(int left, int right)
    {
        return ((long)left << 32) | (uint)right;
    }

    public void Apply(ref TextPieces pieces)
    {
        pieces.Cut(this);
    }

    public void Cut(ReadOnlySpan<char> piece, int start, PieceList parts)
    {
        int from = 0;
        int before = -1;
        for (int position = 0; position < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[position..], out Rune rune, out int units);
            if (before >= 0 && !joined.Contains(Key(before, rune.Value)) && MayCut(before, rune.Value))
            {
                parts.Add(start + from, position - from);
                from = position;
            }

            before = rune.Value;
            position += units;
        }

        parts.Add(start + from, piece.Length - from);
    }

    /// <summary>Two unknown characters may fuse to one token.</summary>
    private bool MayCut(int left, int right)
    {
        return characters.IsComplete || characters.Find(left) >= 0 || characters.Find(right) >= 0;
    }
}
