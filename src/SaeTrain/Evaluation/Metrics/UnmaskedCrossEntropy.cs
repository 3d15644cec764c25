namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Next-token cross-entropy of the clean model over every position, counted or not.</summary>
internal sealed class UnmaskedCrossEntropy : ICoreMetric
{
    private double _sum;
    private long _positions;

    public IReadOnlyCollection<Intervention> Needs => [Intervention.Clean];

    public object Value => _sum / _positions;

    public void Add(CoreBatch batch)
    {
        _sum += batch.Losses[Intervention.Clean].CrossEntropyEverywhere;
        _positions += batch.Losses[Intervention.Clean].PositionsEverywhere;
    }
}
