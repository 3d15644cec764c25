namespace Workbench.Text.Corpora;

/// <summary>One text of a corpus.</summary>
/// <param name="Id">Place in the whole corpus, held-out documents included; stable for one corpus hash.</param>
/// <param name="Name">What a person recognises it by.</param>
/// <param name="Text">The text.</param>
/// <param name="Labels">Values of the corpus' labels, one for each of <see cref="ICorpus.LabelNames"/>.</param>
public sealed record Document(long Id, string Name, string Text, IReadOnlyDictionary<string, string> Labels);
