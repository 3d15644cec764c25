namespace Workbench.Text.Tokenizers;

/// <summary>What a tokenizer's files say beside the pipeline.</summary>
/// <param name="Hash">SHA-256 of the source.</param>
/// <param name="BosId">The token that begins a document.</param>
/// <param name="EosIds">The tokens that end generation.</param>
/// <param name="EosId">The one of them that the chat template means by <c>eos_token</c>.</param>
/// <param name="ChatTemplate">The chat template.</param>
internal sealed record TokenizerFacts(string Hash, int? BosId, IReadOnlySet<int> EosIds, int? EosId, string? ChatTemplate);
