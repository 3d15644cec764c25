namespace Workbench.SaeTrain.Evaluation;

/// <summary>What takes the place of the activations at the dictionary's hook in one pass of the model.</summary>
internal enum Intervention
{
    /// <summary>Nothing: the clean model.</summary>
    Clean,

    /// <summary>The reconstruction at counted positions; all others keep their clean activation.</summary>
    Reconstruction,

    /// <summary>The reconstruction at every position.</summary>
    ReconstructionEverywhere,

    /// <summary>The reconstruction with its error added back, which is the clean activation up to rounding.</summary>
    ErrorTerm,

    /// <summary>Zero at every position.</summary>
    Zero,

    /// <summary>The mean activation at counted positions.</summary>
    Mean,

    /// <summary>The mean activation at every position.</summary>
    MeanEverywhere,
}
