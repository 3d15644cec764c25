using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Recipes;

/// <summary>SAELens' <c>jumprelu</c> with Anthropic's tanh penalty (January 2025).</summary>
internal sealed class SaeLensJumpReluTanhRecipe() : SaeLensJumpReluRecipe(SparsityPenalty.Tanh)
{
    protected override SaeLensJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensJumpReluOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L0Coefficient = 0.25, L0WarmUpSteps = sizes.Steps / 2, PreActLossCoefficient = 3e-6 };
    }
}
