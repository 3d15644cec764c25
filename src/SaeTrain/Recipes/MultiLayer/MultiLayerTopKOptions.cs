namespace Workbench.SaeTrain.Recipes.MultiLayer;

/// <summary>Options of <c>mlsae-topk</c>, named as tim-lawson/mlsae names them.</summary>
internal sealed record MultiLayerTopKOptions : IRecipeOptions
{
    /// <summary>Latents kept in each row.</summary>
    public required int K { get; init; }

    /// <summary>Most dead latents in the auxiliary reconstruction.</summary>
    public required int Auxk { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxkCoef { get; init; } = 1 / 32.0;

    /// <summary>Value above which a latent counts as fired.</summary>
    public double DeadThreshold { get; init; } = 1e-3;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.Within("auxk", Auxk, 1, sizes.Latents);
        RecipeChecks.NotNegative("auxk_coef", AuxkCoef);
        RecipeChecks.NotNegative("dead_threshold", DeadThreshold);
    }
}
