namespace Workbench.Text.Tokenizers;

/// <summary>A token and the half-open span of the text that it stands for.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Index of the first UTF-16 unit of the text.</param>
/// <param name="End">Index after the last UTF-16 unit. Tokens that are parts of one character all carry that character's span.</param>
public readonly record struct TokenSpan(int Id, int Start, int End);
