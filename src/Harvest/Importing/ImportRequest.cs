using System.Text.Json.Serialization;
using Workbench.Activations;

namespace Workbench.Harvest.Importing;

/// <summary>What <c>harvest import</c> is asked for.</summary>
/// <param name="From">The files of vectors, or folders of such, in their order.</param>
/// <param name="Array">The array or column; null for the only one.</param>
/// <param name="Hook">What the vectors are called.</param>
/// <param name="Model">What made them.</param>
/// <param name="Texts">A file of texts and labels, one record a vector or sequence; null for none.</param>
/// <param name="Tokens">A file of token ids, as FILE or FILE:ARRAY; null for none.</param>
/// <param name="DType">The stored number type.</param>
/// <param name="ShardRows">Rows a shard; null for the default.</param>
internal sealed record ImportRequest(
    IReadOnlyList<string> From,
    string? Array,
    string Hook,
    string Model,
    string? Texts,
    string? Tokens,
    [property: JsonPropertyName("dtype")] StorageType DType,
    int? ShardRows = null);
