using Workbench.Models;

namespace Workbench.Harvest.Commands;

/// <summary>What <c>harvest generate --json</c> prints.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="ModelHash">SHA-256 of its weights.</param>
/// <param name="Precision">Number type of matrix products.</param>
/// <param name="PromptIds">Tokens of the prompt.</param>
/// <param name="Ids">Tokens added.</param>
/// <param name="Text">Their text.</param>
/// <param name="LogProbabilities">Natural log probability of each.</param>
/// <param name="Options">How they were chosen.</param>
/// <param name="Edits">Number of edits in force.</param>
/// <param name="Seconds">Time from prompt to last token.</param>
/// <param name="TokensPerSecond">Tokens added a second.</param>
internal sealed record GenerateResult(
    string Model,
    string ModelHash,
    string Precision,
    IReadOnlyList<int> PromptIds,
    IReadOnlyList<int> Ids,
    string Text,
    IReadOnlyList<double> LogProbabilities,
    GenerationOptions Options,
    int Edits,
    double Seconds,
    double TokensPerSecond);
