using System.Text;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Every character of a kind, each a match by itself.</summary>
internal sealed class RunePattern(Func<Rune, bool> isMatch) : ITextPattern
{
    public void Find(ReadOnlySpan<char> text, PieceList matches)
    {
        for (int position = 0; position < text.Length;)
        {
            Rune.DecodeFromUtf16(text[position..], out Rune rune, out int length);
            if (isMatch(rune))
            {
                matches.Add(position, length);
            }

            position += length;
        }
    }
}
