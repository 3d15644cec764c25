namespace Workbench.SaeTrain.Recipes;

/// <summary>The sizes of a run that a recipe's defaults may depend on.</summary>
/// <param name="InputWidth">Features of an encoded activation.</param>
/// <param name="OutputWidth">Features of a reconstructed activation.</param>
/// <param name="Latents">Number of latents.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Steps">Steps of the run.</param>
internal sealed record RunSizes(int InputWidth, int OutputWidth, int Latents, int Batch, long Steps);
