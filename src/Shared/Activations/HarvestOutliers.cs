namespace Workbench.Activations;

/// <summary>The filter of rows with an outlying norm, and what it took.</summary>
/// <param name="Multiple">A position has no row where its norm at any hook is more than this multiple of the hook's median norm.</param>
/// <param name="MedianNorms">The median norm by hook, in the order of the hooks, over the first windows of the corpus.</param>
/// <param name="Dropped">Positions that lost their row.</param>
public sealed record HarvestOutliers(double Multiple, IReadOnlyList<double> MedianNorms, long Dropped);
