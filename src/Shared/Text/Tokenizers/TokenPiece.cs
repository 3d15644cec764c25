namespace Workbench.Text.Tokenizers;

/// <summary>One token of a sequence, ready to be shown.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Text">
/// What to show, never empty for a token that has bytes. A character spread over several tokens is shown whole at the token of
/// its first byte; a token that only continues it shows <c>⋯</c>. Bytes that belong to no character (a window that begins amid
/// one, say) are shown as <c>⟨E2 80⟩</c>.
/// </param>
/// <param name="IsSpecial">Whether it is a control token.</param>
/// <param name="IsContinuation">Whether its first byte continues a character that an earlier token has shown.</param>
public readonly record struct TokenPiece(int Id, string Text, bool IsSpecial, bool IsContinuation);
