namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The share of latents that are on at more than a given share of the tokens.</summary>
internal sealed class DenserShare(double bound) : LatentDensities
{
    protected override object Summarise(IReadOnlyList<double> densities)
    {
        return densities.Count(density => density > bound) / (double)densities.Count;
    }
}
