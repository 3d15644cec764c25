namespace Workbench.Activations;

/// <summary>What one document has of a sequence: the positions from its start to the next part's.</summary>
/// <param name="Document">The document's id.</param>
/// <param name="Start">Its first position.</param>
public readonly record struct SequencePart(long Document, int Start);
