namespace Workbench.Text.Corpora;

/// <summary>A stretch of one document that fits the context.</summary>
/// <param name="Document">The document.</param>
/// <param name="Tokens">What the model sees, BOS included.</param>
public sealed record TextWindow(Document Document, int[] Tokens);
