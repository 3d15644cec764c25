namespace Workbench.Harvest.Benchmarking;

/// <summary>A harvest beside the model alone, both in one process.</summary>
/// <param name="Added">Time that the harvest takes beyond the model alone, as a share of the model's.</param>
/// <param name="TokenisingAdded">Of that, what reading and tokenising the corpus add.</param>
/// <param name="WritingAdded">Of that, what writing the shards adds.</param>
/// <param name="ModelSeconds">Seconds of the model alone, over sequences in memory.</param>
/// <param name="UnwrittenSeconds">Seconds of the corpus, the tokenizer and the model, nothing written.</param>
/// <param name="HarvestSeconds">Seconds from the corpus to named shards.</param>
/// <param name="Precision">Number type of the matrix products.</param>
/// <param name="Hooks">The hooks.</param>
/// <param name="Context">The longest sequence.</param>
/// <param name="Rows">Rows of each hook.</param>
/// <param name="Bytes">Bytes of the shards.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Repeats">Timings of each, of which the medians are compared.</param>
internal sealed record WriteBenchmarkResult(
    double Added,
    double TokenisingAdded,
    double WritingAdded,
    double ModelSeconds,
    double UnwrittenSeconds,
    double HarvestSeconds,
    string Precision,
    IReadOnlyList<string> Hooks,
    int Context,
    long Rows,
    long Bytes,
    int Threads,
    int Repeats);
