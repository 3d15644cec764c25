namespace Workbench.SaeTrain.Fused;

/// <summary>The losses of a fused step.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Terms">Its parts, by the recipe's names.</param>
/// <param name="Dead">Latents that the dead rule held for dead.</param>
internal sealed record FusedLosses(double Total, IReadOnlyDictionary<string, double> Terms, long Dead);
