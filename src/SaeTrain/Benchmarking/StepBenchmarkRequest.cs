using Workbench.Numerics;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>Sizes and recipe of a step to measure.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Width">Features of an activation, d.</param>
/// <param name="Latents">Number of latents, n.</param>
/// <param name="K">Latents that are on in a row, on average where the recipe does not fix it.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Precision">Number type of the encoder product.</param>
/// <param name="Screens">Whether an int8 product proposes entries.</param>
internal sealed record StepBenchmarkRequest(string Recipe, int Width, int Latents, int K, int Batch, MatrixPrecision Precision, bool Screens = false);
