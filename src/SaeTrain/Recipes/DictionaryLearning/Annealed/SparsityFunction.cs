using System.Text.Json.Serialization;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>The two penalties of dictionary_learning's p-anneal trainers.</summary>
internal enum SparsityFunction
{
    /// <summary><c>(Σ z^p)^(1/p)</c>.</summary>
    [JsonStringEnumMemberName("Lp")]
    Lp,

    /// <summary><c>Σ z^p</c>.</summary>
    [JsonStringEnumMemberName("Lp^p")]
    LpToTheP,
}
