namespace Workbench.Activations;

/// <summary>One document of a harvest.</summary>
/// <param name="Id">The document's id in its corpus.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels by name.</param>
/// <param name="Split">The corpus split it belongs to.</param>
/// <param name="FirstSequence">Its first sequence.</param>
/// <param name="Sequences">The number of its sequences, which are consecutive.</param>
/// <param name="Text">Its text; empty in a harvest from before texts were kept.</param>
public sealed record DocumentEntry(
    long Id,
    string Name,
    IReadOnlyDictionary<string, string> Labels,
    string Split,
    long FirstSequence,
    int Sequences,
    string Text = "");
