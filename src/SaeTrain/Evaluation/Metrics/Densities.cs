namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The share of counted tokens at which each latent is on: a list.</summary>
internal sealed class Densities : LatentDensities
{
    protected override object Summarise(IReadOnlyList<double> densities)
    {
        return densities;
    }
}
