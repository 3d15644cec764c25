using Workbench.SaeTrain.Fused;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The fused form of <see cref="DictionaryLearningMatryoshkaObjective"/>.</summary>
internal sealed class DictionaryLearningMatryoshkaFused(FusedContext context, DictionaryLearningMatryoshkaObjective objective)
    : DictionaryLearningBatchTopKFused(context, objective)
{
    private readonly IReadOnlyList<double> _weights = objective.Options.Weights();

    public override ReconstructionPlan Reconstruction { get; } = new(
        objective.Options.GroupEnds(context.Latents), [.. objective.Options.Weights().Select(weight => weight / objective.Options.Weights().Count)], 1);

    protected override void AddParts(Dictionary<string, double> terms, double[] errors)
    {
        double[] weighted = [.. errors.Zip(_weights, (error, weight) => error * weight)];
        terms["min_l2_loss"] = weighted.Min();
        terms["max_l2_loss"] = weighted.Max();
    }
}
