namespace Workbench.Harvest.Benchmarking;

/// <summary>A harvest's forward pass beside its bare matrix products, both in one process.</summary>
/// <param name="Share">Rate of the products with weights inside the pass, as a share of their rate alone.</param>
/// <param name="ShareWithAttention">The same where attention's own products, of what queries may see, count as work done.</param>
/// <param name="Products">What ran the products alone: libtorch, or packed tiles where these were faster.</param>
/// <param name="Precision">Number type of the products.</param>
/// <param name="Hook">Where the pass stops.</param>
/// <param name="Context">Tokens a sequence.</param>
/// <param name="Tokens">Tokens a pass.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="ProductGflops">Billions of operations a second of the products alone.</param>
/// <param name="ForwardGflops">The same operations over the time of the whole pass.</param>
/// <param name="TokensPerSecond">Tokens a second of the pass.</param>
/// <param name="Repeats">Timings of each, of which the medians are compared.</param>
internal sealed record ForwardBenchmarkResult(
    double Share,
    double ShareWithAttention,
    string Products,
    string Precision,
    string Hook,
    int Context,
    long Tokens,
    int Threads,
    double ProductGflops,
    double ForwardGflops,
    double TokensPerSecond,
    int Repeats);
