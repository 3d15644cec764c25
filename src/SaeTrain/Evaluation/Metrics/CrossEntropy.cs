namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Next-token cross-entropy of one pass in nats, over positions whose current token is counted.</summary>
internal sealed class CrossEntropy(Intervention intervention) : ICoreMetric
{
    private double _sum;
    private long _positions;

    public IReadOnlyCollection<Intervention> Needs => [intervention];

    public object Value => _sum / _positions;

    public void Add(CoreBatch batch)
    {
        _sum += batch.Losses[intervention].CrossEntropy;
        _positions += batch.Losses[intervention].CrossEntropyPositions;
    }
}
