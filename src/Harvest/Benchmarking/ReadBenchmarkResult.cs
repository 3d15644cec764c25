namespace Workbench.Harvest.Benchmarking;

/// <summary>Shuffled batches of a harvest's shards beside gathers of the same rows from memory, in one process.</summary>
/// <param name="Share">Rate of reading shards in a later epoch, as a share of the faster gather's.</param>
/// <param name="FirstEpochShare">The same of the first epoch, the opening of the shards included.</param>
/// <param name="ShareOfSingle">Rate in a later epoch, as a share of the gather from float32.</param>
/// <param name="ShareOfStored">Rate in a later epoch, as a share of the gather from the stored number type.</param>
/// <param name="StoredType">The stored number type.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Rows">Rows of an epoch, whole batches only.</param>
/// <param name="Width">Values a row.</param>
/// <param name="BatchSize">Rows a batch.</param>
/// <param name="ShardMillions">Millions of rows a second from the shards, in a later epoch.</param>
/// <param name="FirstEpochMillions">The same in the first epoch.</param>
/// <param name="SingleMillions">Millions of rows a second from a float32 matrix in memory.</param>
/// <param name="StoredMillions">Millions of rows a second from a matrix of the stored number type in memory, converted to float32.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Repeats">Epochs timed of each, of which the medians are compared.</param>
internal sealed record ReadBenchmarkResult(
    double Share,
    double FirstEpochShare,
    double ShareOfSingle,
    double ShareOfStored,
    string StoredType,
    string Hook,
    long Rows,
    int Width,
    int BatchSize,
    double ShardMillions,
    double FirstEpochMillions,
    double SingleMillions,
    double StoredMillions,
    int Threads,
    int Repeats);
