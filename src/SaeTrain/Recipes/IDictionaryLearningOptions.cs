namespace Workbench.SaeTrain.Recipes;

/// <summary>What every recipe of dictionary_learning can be told.</summary>
internal interface IDictionaryLearningOptions : IRecipeOptions
{
    /// <summary>
    /// Whether activations are divided in training by the root of their mean squared norm, so that coefficients mean the same on
    /// every stream. The weights that are saved act on activations as harvested.
    /// </summary>
    bool NormalizeActivations { get; }
}
