namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The share of latents that are never on in the evaluated tokens.</summary>
internal sealed class DeadShare : LatentDensities
{
    protected override object Summarise(IReadOnlyList<double> densities)
    {
        return densities.Count(density => density == 0) / (double)densities.Count;
    }
}
