namespace Workbench.Text.Tokenizers;

/// <summary>What a tokenizer's files say beside the pipeline.</summary>
/// <param name="Source">The file, for messages.</param>
/// <param name="Hash">SHA-256 of the source.</param>
/// <param name="BosId">The token that begins a document.</param>
/// <param name="EosIds">The tokens that end generation.</param>
/// <param name="ChatTemplate">The chat template.</param>
internal sealed record TokenizerFacts(string Source, string Hash, int? BosId, IReadOnlySet<int> EosIds, string? ChatTemplate);
