namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>SAELens' <c>jumprelu</c> with the squared distance to a target number of active latents as the penalty.</summary>
/// <remarks>Target, coefficient and warm-up suit some 1,000 steps on activations scaled to mean norm sqrt(d); the peer states no target.</remarks>
internal sealed class SaeLensJumpReluQuadraticRecipe() : SaeLensJumpReluRecipe(SparsityPenalty.Quadratic)
{
    protected override SaeLensJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensJumpReluOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L0Coefficient = 0.1, L0WarmUpSteps = sizes.Steps / 4, TargetL0 = 32 };
    }
}
