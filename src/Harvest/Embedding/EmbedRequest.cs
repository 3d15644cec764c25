using System.Text.Json.Serialization;
using Workbench.Activations;

namespace Workbench.Harvest.Embedding;

/// <summary>What <c>harvest embed</c> is asked for.</summary>
internal sealed record EmbedRequest(
    string Model,
    string Corpus,
    string Hook,
    Pooling Pool,
    int Context,
    long Documents,
    [property: JsonPropertyName("dtype")] StorageType DType,
    string Device,
    string Precision,
    int? ShardRows = null);
