using Workbench.Text.Corpora;

namespace Workbench.Text.Windows;

/// <summary>What one document has of a window: the positions from its start to the next part's.</summary>
/// <param name="Document">The document.</param>
/// <param name="Start">Its first position.</param>
public sealed record WindowPart(Document Document, int Start);
