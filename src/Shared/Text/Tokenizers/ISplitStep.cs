namespace Workbench.Text.Tokenizers;

/// <summary>One step of pre-tokenisation: cuts a piece into smaller ones.</summary>
internal interface ISplitStep
{
    /// <summary>Appends the parts of <paramref name="piece"/>, whose first character stands at <paramref name="start"/>.</summary>
    /// <remarks>The text holds no surrogates: <see cref="CategoryShadow"/> has replaced each pair by one character of its category.</remarks>
    void Split(ReadOnlySpan<char> piece, int start, PieceList parts);
}
