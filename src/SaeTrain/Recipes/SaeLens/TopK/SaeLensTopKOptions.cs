namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>Options of <c>saelens-topk</c>, named as SAELens names them.</summary>
internal sealed record SaeLensTopKOptions : SaeLensOptions
{
    /// <summary>Latents kept in each row.</summary>
    public required int K { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxLossCoefficient { get; init; } = 1;

    /// <summary>Whether selection and latents are in units of the decoder row's norm.</summary>
    public bool RescaleActsByDecoderNorm { get; init; } = true;

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.NotNegative("aux_loss_coefficient", AuxLossCoefficient);
    }
}
