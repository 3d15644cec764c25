namespace Workbench.Harvest.Embedding;

/// <summary>The configuration in the run.json of a harvest of pooled vectors.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Precision">The number type of matrix products that it came to at the first start.</param>
/// <param name="Threads">Threads within an operation, on which sums depend.</param>
internal sealed record EmbedConfig(EmbedRequest Request, string Precision, int Threads);
