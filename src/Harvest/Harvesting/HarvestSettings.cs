using Workbench.Activations;

namespace Workbench.Harvest.Harvesting;

/// <summary>What a request comes to on the model, corpus and machine of its first start; a resume or a partition uses the same.</summary>
/// <param name="Device">The kind of device: cpu or cuda.</param>
/// <param name="Precision">The number type of matrix products.</param>
/// <param name="Threads">Threads within an operation; sums depend on it.</param>
/// <param name="Bos">Whether each sequence begins with BOS: always or never.</param>
/// <param name="ExcludedLeading">Leading positions of each sequence that no row is kept of.</param>
/// <param name="Separator">The token behind each document of packed windows; null for none.</param>
/// <param name="MedianNorms">The median norm by hook, by which outliers are told; null where all rows are kept.</param>
/// <param name="Batch">Sequences a batch.</param>
/// <param name="ForwardTokens">The most positions, padding included, of one forward pass, unless one sequence is longer.</param>
/// <param name="Layout">Rows a shard and a record batch.</param>
/// <param name="Widths">Values a row, by hook in the request's order.</param>
internal sealed record HarvestSettings(
    string Device,
    string Precision,
    int Threads,
    string Bos,
    int ExcludedLeading,
    int? Separator,
    IReadOnlyList<double>? MedianNorms,
    int Batch,
    int ForwardTokens,
    ShardLayout Layout,
    IReadOnlyList<int> Widths);
