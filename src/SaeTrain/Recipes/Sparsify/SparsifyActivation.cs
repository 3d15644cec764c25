using System.Text.Json.Serialization;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>How sparsify chooses the latents of a row.</summary>
internal enum SparsifyActivation
{
    /// <summary>The k largest.</summary>
    [JsonStringEnumMemberName("topk")]
    TopK,

    /// <summary>The largest of each of k contiguous groups.</summary>
    [JsonStringEnumMemberName("groupmax")]
    GroupMax,
}
