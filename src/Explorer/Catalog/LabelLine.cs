namespace Workbench.Explorer.Catalog;

/// <summary>One line of labels.jsonl: the whole entry as it was after a change.</summary>
internal sealed record LabelLine(DateTimeOffset Written, string Dictionary, int Latent, string Label, string Note, bool Starred);
