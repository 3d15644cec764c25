namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>A given text.</summary>
internal sealed class TextPattern(string sought) : ITextPattern
{
    public void Find(ReadOnlySpan<char> text, PieceList matches)
    {
        if (sought.Length == 0)
        {
            return;
        }

        int position = 0;
        while (text[position..].IndexOf(sought, StringComparison.Ordinal) is int found and >= 0)
        {
            matches.Add(position + found, sought.Length);
            position += found + sought.Length;
        }
    }
}
