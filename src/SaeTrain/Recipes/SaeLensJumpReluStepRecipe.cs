using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Recipes;

/// <summary>SAELens' <c>jumprelu</c> with the number of active latents as the penalty (Rajamanoharan et al. 2024).</summary>
internal sealed class SaeLensJumpReluStepRecipe() : SaeLensJumpReluRecipe(SparsityPenalty.Step)
{
    protected override SaeLensJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensJumpReluOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L0Coefficient = 0.4, L0WarmUpSteps = sizes.Steps / 2 };
    }
}
