using Workbench.Text.Corpora;

namespace Workbench.Harvest.Harvesting;

/// <summary>A stretch of one document that fits the context.</summary>
/// <param name="Document">The document.</param>
/// <param name="Tokens">What the model sees, BOS included.</param>
internal sealed record TextWindow(Document Document, int[] Tokens);
