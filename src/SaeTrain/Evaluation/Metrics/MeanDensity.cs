namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The mean over latents of the share of tokens at which they are on.</summary>
internal sealed class MeanDensity : LatentDensities
{
    protected override object Summarise(IReadOnlyList<double> densities)
    {
        return densities.Average();
    }
}
