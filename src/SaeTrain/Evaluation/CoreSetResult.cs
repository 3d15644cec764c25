namespace Workbench.SaeTrain.Evaluation;

/// <summary>The values of a metric set.</summary>
/// <param name="Definition">Whose definitions these are.</param>
/// <param name="Values">Numbers and lists of numbers by name.</param>
internal sealed record CoreSetResult(string Definition, IReadOnlyDictionary<string, object> Values);
