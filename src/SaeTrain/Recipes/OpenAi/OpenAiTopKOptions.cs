namespace Workbench.SaeTrain.Recipes.OpenAi;

/// <summary>Options of <c>openai-topk</c>, named as its code names them.</summary>
internal sealed record OpenAiTopKOptions : IRecipeOptions
{
    /// <summary>Latents kept in each row.</summary>
    public required int K { get; init; }

    /// <summary>Most dead latents in the auxiliary reconstruction.</summary>
    public required int Auxk { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxkCoef { get; init; } = 1 / 32.0;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.Within("auxk", Auxk, 1, sizes.Latents);
    }
}
