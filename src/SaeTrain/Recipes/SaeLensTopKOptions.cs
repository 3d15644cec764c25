namespace Workbench.SaeTrain.Recipes;

/// <summary>Options of <c>saelens-topk</c>, named as SAELens names them.</summary>
internal sealed record SaeLensTopKOptions : IRecipeOptions
{
    /// <summary>Latents kept in each row.</summary>
    public required int K { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxLossCoefficient { get; init; } = 1;

    /// <summary>Whether selection and latents are in units of the decoder row's norm.</summary>
    public bool RescaleActsByDecoderNorm { get; init; } = true;

    /// <summary>Norm of decoder rows at the start.</summary>
    public double DecoderInitNorm { get; init; } = 0.1;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
    }
}
