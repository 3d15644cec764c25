namespace Workbench.SaeTrain.Benchmarking;

/// <summary>An index beside the passes that it cannot do without, all in one process; times are medians.</summary>
/// <param name="Dictionary">The dictionary.</param>
/// <param name="Harvest">The harvest.</param>
/// <param name="Hook">Where the forward pass stops.</param>
/// <param name="Precision">Number type of matrix products.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Latents">Number of latents.</param>
/// <param name="Tokens">Tokens analysed.</param>
/// <param name="ForwardSeconds">The model over all sequences, to the hook.</param>
/// <param name="ProductSeconds">The bare encoder product over as many rows.</param>
/// <param name="PassSeconds">The sum of these two: one pass.</param>
/// <param name="ReplaySeconds">The whole index, the model run again: opening, hashing and writing of files included.</param>
/// <param name="StoredSeconds">The whole index from stored activations; absent where the harvest stored none of the hook.</param>
/// <param name="ReplayRatio">Replay to pass.</param>
/// <param name="StoredRatio">Stored to pass.</param>
/// <param name="ProductGflops">Billions of operations a second of the encoder product.</param>
/// <param name="ReplayPhases">Seconds of each phase of the last replay.</param>
/// <param name="StoredPhases">Seconds of each phase of the last index from stored activations.</param>
/// <param name="PeakMemoryBytes">The most memory that the process held at any time.</param>
/// <param name="Repeats">Timings of each.</param>
internal sealed record IndexBenchmarkResult(
    string Dictionary,
    string Harvest,
    string Hook,
    string Precision,
    int Threads,
    int Latents,
    long Tokens,
    double ForwardSeconds,
    double ProductSeconds,
    double PassSeconds,
    double ReplaySeconds,
    double? StoredSeconds,
    double ReplayRatio,
    double? StoredRatio,
    double ProductGflops,
    IReadOnlyDictionary<string, double> ReplayPhases,
    IReadOnlyDictionary<string, double>? StoredPhases,
    long PeakMemoryBytes,
    int Repeats);
