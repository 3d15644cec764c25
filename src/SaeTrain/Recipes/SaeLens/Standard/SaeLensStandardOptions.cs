namespace Workbench.SaeTrain.Recipes.SaeLens.Standard;

/// <summary>Options of <c>saelens-standard</c>, named as SAELens names them.</summary>
internal sealed record SaeLensStandardOptions : SaeLensOptions
{
    /// <summary>Weight of the sparsity penalty after its warm-up.</summary>
    public required double L1Coefficient { get; init; }

    /// <summary>p of the penalty's norm.</summary>
    public double LpNorm { get; init; } = 1;

    /// <summary>Steps over which the weight rises linearly from 0.</summary>
    public required long L1WarmUpSteps { get; init; }

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        RecipeChecks.NotNegative("l1_coefficient", L1Coefficient);
        RecipeChecks.Positive("lp_norm", LpNorm);
        RecipeChecks.NotNegative("l1_warm_up_steps", L1WarmUpSteps);
    }
}
