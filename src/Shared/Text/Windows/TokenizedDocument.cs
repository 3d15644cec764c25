using Workbench.Text.Corpora;

namespace Workbench.Text.Windows;

/// <summary>A document and its tokens.</summary>
/// <param name="Document">The document.</param>
/// <param name="Tokens">Its tokens without any that the tokenizer would add; at least one.</param>
internal sealed record TokenizedDocument(Document Document, int[] Tokens);
