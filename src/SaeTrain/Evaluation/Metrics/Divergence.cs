namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>KL(clean || one pass) in nats, over counted positions.</summary>
internal sealed class Divergence(Intervention intervention) : ICoreMetric
{
    private double _sum;
    private long _positions;

    public IReadOnlyCollection<Intervention> Needs => [intervention];

    public object Value => _sum / _positions;

    public void Add(CoreBatch batch)
    {
        _sum += batch.Losses[intervention].Divergence;
        _positions += batch.Losses[intervention].DivergencePositions;
    }
}
