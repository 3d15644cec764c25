namespace Workbench.Explorer.Inference;

/// <summary>Both sides of a steering run.</summary>
public sealed record SteeringResult(SteeringText Baseline, SteeringText Steered, double TokensPerSecond);
