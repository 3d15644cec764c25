namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The part that latents denser than a bound have in all activity.</summary>
internal sealed class DenserMass(double bound) : LatentDensities
{
    protected override object Summarise(IReadOnlyList<double> densities)
    {
        return densities.Where(density => density > bound).Sum() / densities.Sum();
    }
}
