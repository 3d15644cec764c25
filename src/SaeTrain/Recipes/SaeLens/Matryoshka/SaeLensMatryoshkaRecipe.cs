using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Scaling;

namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>SAELens' <c>matryoshka_batchtopk</c> (Bussmann et al. 2025): batch top-k whose prefixes reconstruct by themselves; exported as JumpReLU.</summary>
internal sealed class SaeLensMatryoshkaRecipe : SaeLensRecipe<SaeLensMatryoshkaOptions>
{
    private static readonly int[] s_divisors = [16, 8, 4, 2, 1];

    public override string Name => "saelens-matryoshka";

    public override string Architecture => "matryoshka";

    protected override SaeLensMatryoshkaOptions DefaultOptions(RunSizes sizes)
    {
        return new SaeLensMatryoshkaOptions
        {
            K = Math.Min(32, sizes.Latents),
            MatryoshkaWidths = [.. s_divisors.Select(divisor => Math.Max(1, sizes.Latents / divisor)).Distinct()],
        };
    }

    protected override ITrainingObjective Objective(TrainingConfig config, SaeLensMatryoshkaOptions options, ParameterSet parameters, DataConstants constants)
    {
        IPrefixes prefixes = options.RandomPrefixes is int count
            ? new RandomPrefixes(count, config.Latents, config.Seed)
            : new FixedPrefixes(options.MatryoshkaWidths);
        return new SaeLensMatryoshkaObjective(
            parameters, options, prefixes, constants.InputScale, config.DeadSteps, config.MatrixType(parameters.Device));
    }
}
