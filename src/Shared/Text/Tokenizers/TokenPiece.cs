namespace Workbench.Text.Tokenizers;

/// <summary>One token of a sequence, ready to be shown.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Text">
/// What to show. Concatenated, the texts of a sequence are its decoded text: a character spread over several tokens is shown
/// whole at the first of them and the others have an empty text.
/// </param>
/// <param name="IsSpecial">Whether it is a control token.</param>
/// <param name="Part">Which part of a shared character this is, counted from 1; 0 for a token of whole characters.</param>
/// <param name="Parts">How many tokens share that character; 0 for a token of whole characters.</param>
public readonly record struct TokenPiece(int Id, string Text, bool IsSpecial, int Part, int Parts)
{
    /// <summary>Whether the token continues a character that an earlier one has shown.</summary>
    public bool IsContinuation => Part > 1;
}
