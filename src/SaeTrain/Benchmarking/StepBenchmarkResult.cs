namespace Workbench.SaeTrain.Benchmarking;

/// <summary>A training step beside the product that it cannot do without and the dense step that it replaces; times are medians of one process.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Width">Features of an activation, d.</param>
/// <param name="Latents">Number of latents, n.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Precision">Number type of the encoder product.</param>
/// <param name="Simd">Vector width of the kernels.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Backend">How the recipe's step is computed.</param>
/// <param name="StepSeconds">A whole step.</param>
/// <param name="DenseSeconds">The dense autograd step of the same architecture.</param>
/// <param name="ProductSeconds">The bare encoder product, into a reused buffer.</param>
/// <param name="StepToProduct">Step to product.</param>
/// <param name="DenseToProduct">Dense step to product.</param>
/// <param name="DenseToStep">How many times faster the step is than the dense one.</param>
/// <param name="ClippingToProduct">What clipping the gradient's norm costs, in products; absent where the recipe does not clip.</param>
/// <param name="ProductGflops">Billions of operations a second of the encoder product.</param>
/// <param name="ActiveLatents">Mean number of latents on in a row.</param>
/// <param name="Parts">Each part of the step, in products.</param>
/// <param name="PeakMemoryBytes">The most memory that the process held at any time.</param>
/// <param name="Repeats">Timings of each.</param>
internal sealed record StepBenchmarkResult(
    string Recipe,
    int Width,
    int Latents,
    int Batch,
    string Precision,
    string Simd,
    int Threads,
    string Backend,
    double StepSeconds,
    double? DenseSeconds,
    double ProductSeconds,
    double StepToProduct,
    double? DenseToProduct,
    double? DenseToStep,
    double? ClippingToProduct,
    double ProductGflops,
    double ActiveLatents,
    IReadOnlyDictionary<string, double> Parts,
    long PeakMemoryBytes,
    int Repeats);
