namespace Workbench.SaeTrain.Recipes.SaeLens.Gated;

/// <summary>Options of <c>saelens-gated</c>, named as SAELens names them.</summary>
internal sealed record SaeLensGatedOptions : SaeLensOptions
{
    /// <summary>Weight of the penalty on the gate after its warm-up.</summary>
    public required double L1Coefficient { get; init; }

    /// <summary>Steps over which the weight rises linearly from 0.</summary>
    public required long L1WarmUpSteps { get; init; }

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        RecipeChecks.NotNegative("l1_coefficient", L1Coefficient);
        RecipeChecks.NotNegative("l1_warm_up_steps", L1WarmUpSteps);
    }
}
