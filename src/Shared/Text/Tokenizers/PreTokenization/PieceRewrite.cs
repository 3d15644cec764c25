namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Rewrites a piece; null keeps it as it is.</summary>
/// <param name="piece">The piece.</param>
/// <param name="isFirst">Whether it begins the text as it was given.</param>
internal delegate AlignedText? PieceRewrite(ReadOnlySpan<char> piece, bool isFirst);
