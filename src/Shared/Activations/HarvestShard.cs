namespace Workbench.Activations;

/// <summary>One shard in a harvest's manifest.</summary>
/// <param name="Hook">The hook point's name.</param>
/// <param name="File">The file, relative to the harvest's folder.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="DType">The number type it is stored in; never auto.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">The file's hash.</param>
public sealed record HarvestShard(
    string Hook,
    string File,
    int Rows,
    [property: System.Text.Json.Serialization.JsonPropertyName("dtype")] StorageType DType,
    long Bytes,
    string Sha256);
