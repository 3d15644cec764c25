namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>SAELens' <c>jumprelu</c> with Anthropic's tanh penalty (January 2025).</summary>
/// <remarks>
/// The coefficient suits activations scaled to mean norm sqrt(d), learning rates of 1e-3 and some 1,000 steps, its warm-up half of
/// the run: the peer's own, 1 and a warm-up over the whole of a long run, leave far fewer latents on here.
/// </remarks>
internal sealed class SaeLensJumpReluTanhRecipe() : SaeLensJumpReluRecipe(SparsityPenalty.Tanh)
{
    protected override SaeLensJumpReluOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensJumpReluOptions { NormalizeActivations = SaeLensOptions.ExpectedAverage, L0Coefficient = 0.12, L0WarmUpSteps = sizes.Steps / 2, PreActLossCoefficient = 3e-6 };
    }
}
