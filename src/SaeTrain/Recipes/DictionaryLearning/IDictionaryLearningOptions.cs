namespace Workbench.SaeTrain.Recipes.DictionaryLearning;

/// <summary>What every recipe of dictionary_learning can be told.</summary>
internal interface IDictionaryLearningOptions : IRecipeOptions
{
    /// <summary>
    /// Whether activations are divided in training by the root of their mean squared norm, so that coefficients mean the same on
    /// every stream. The weights that are saved act on activations as harvested. The peer's function leaves it off and its own runs turn
    /// it on; here it is on for recipes whose penalty, bandwidth or threshold has the unit of activations, and off for the top-k ones.
    /// </summary>
    bool NormalizeActivations { get; }
}
