namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>SAELens' <c>jumprelu</c> with the number of active latents as the penalty (Rajamanoharan et al. 2024).</summary>
/// <remarks>
/// The coefficient suits activations scaled to mean norm sqrt(d), learning rates of 1e-3 and some 1,000 steps, its warm-up half of
/// the run: the peer's own, 1, with thresholds of 0.01 and a window of 0.05, are made for many more steps at a lower rate.
/// </remarks>
internal sealed class SaeLensJumpReluStepRecipe() : SaeLensJumpReluRecipe(SparsityPenalty.Step)
{
    protected override SaeLensJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensJumpReluOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L0Coefficient = 0.2, L0WarmUpSteps = sizes.Steps / 2 };
    }
}
