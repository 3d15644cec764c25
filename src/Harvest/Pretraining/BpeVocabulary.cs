namespace Workbench.Harvest.Pretraining;

/// <summary>A learned vocabulary: entries in order of id, merges in order of rank.</summary>
internal sealed record BpeVocabulary(IReadOnlyList<string> Entries, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlyList<string> Special);
