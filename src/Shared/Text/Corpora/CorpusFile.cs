namespace Workbench.Text.Corpora;

/// <summary>One file of a corpus.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its name within the corpus, which counts for the corpus' hash.</param>
/// <param name="Format">What reads it.</param>
/// <param name="Label">The folder that it lies in, where that is a label of its texts; else null.</param>
internal sealed record CorpusFile(string Path, string Name, ITextFormat Format, string? Label = null);
