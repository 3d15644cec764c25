namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>What a JumpReLU objective charges for active latents.</summary>
internal enum SparsityPenalty
{
    /// <summary>Their number.</summary>
    Step,

    /// <summary>The tanh of their size in units of the decoder norm.</summary>
    Tanh,

    /// <summary>The squared distance of their number from a target.</summary>
    Quadratic,
}
