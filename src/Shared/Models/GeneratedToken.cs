namespace Workbench.Models;

/// <summary>One token of a continuation.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">Text that became complete with it; empty within a character of several tokens, and for control tokens.</param>
/// <param name="LogProbability">Its natural log probability under the model, before temperature, top-k and top-p.</param>
public sealed record GeneratedToken(int Id, string Text, double LogProbability);
