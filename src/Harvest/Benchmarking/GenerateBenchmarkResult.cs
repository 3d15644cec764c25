namespace Workbench.Harvest.Benchmarking;

/// <summary>Generation of one text beside the reading of memory, both in one process.</summary>
/// <param name="Share">Bytes of weights over the time of a token, as a share of the rate at which memory can be read right after; the median of all rounds.</param>
/// <param name="Precision">Number type of the blocks' weights.</param>
/// <param name="WeightBytes">Bytes of weights a token, as they are stored, the unembedding included.</param>
/// <param name="TokensPerSecond">Tokens a second after the first.</param>
/// <param name="LimitTokensPerSecond">Tokens a second if a token took no more than reading the weights.</param>
/// <param name="WeightGigabytesPerSecond">Billions of bytes of weights a second of generation.</param>
/// <param name="MemoryGigabytesPerSecond">Billions of bytes a second of reading a buffer that no cache holds, the best of a few readings a round.</param>
/// <param name="PromptTokens">Tokens before the first one generated.</param>
/// <param name="Tokens">Tokens timed.</param>
/// <param name="Threads">Threads of both.</param>
/// <param name="Repeats">Timings of each.</param>
internal sealed record GenerateBenchmarkResult(
    double Share,
    string Precision,
    long WeightBytes,
    double TokensPerSecond,
    double LimitTokensPerSecond,
    double WeightGigabytesPerSecond,
    double MemoryGigabytesPerSecond,
    int PromptTokens,
    int Tokens,
    int Threads,
    int Repeats);
