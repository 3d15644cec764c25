namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>Options of <c>saelens-batchtopk</c>, named as SAELens names them.</summary>
internal record SaeLensBatchTopKOptions : SaeLensOptions
{
    /// <summary>Latents kept in a row on average; a fraction is allowed.</summary>
    public required double K { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxLossCoefficient { get; init; } = 1;

    /// <summary>Whether selection and latents are in units of the decoder row's norm.</summary>
    public bool RescaleActsByDecoderNorm { get; init; } = true;

    /// <summary>Share of a step's smallest kept latent in the running threshold.</summary>
    public double TopkThresholdLr { get; init; } = 0.01;

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        RecipeChecks.Within("k", K, 1.0 / sizes.Batch, sizes.Latents);
        RecipeChecks.NotNegative("aux_loss_coefficient", AuxLossCoefficient);
        RecipeChecks.Within("topk_threshold_lr", TopkThresholdLr, 0, 1);
    }
}
