namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Cuts one piece into smaller ones.</summary>
internal interface ITextCutter
{
    /// <summary>Appends the parts of <paramref name="piece"/>, whose first character stands at <paramref name="start"/>.</summary>
    void Cut(ReadOnlySpan<char> piece, int start, PieceList parts);
}
