namespace Workbench.SaeTrain.Indexing;

/// <summary>Where a latent peaks in one sequence.</summary>
internal readonly record struct PeakPlace(long Sequence, int Position, float Value);
