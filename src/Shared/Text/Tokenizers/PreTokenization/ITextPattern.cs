namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Something that a text can be searched for.</summary>
internal interface ITextPattern
{
    /// <summary>Appends the matches from left to right; they do not overlap.</summary>
    void Find(ReadOnlySpan<char> text, PieceList matches);
}
