namespace Workbench.Text.Tokenizers;

/// <summary>A stretch of text: an added token, or plain text when <see cref="Token"/> is null.</summary>
internal readonly record struct TextSegment(int Start, int End, AddedToken? Token);
