namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>(CE of the ablation - CE with the reconstruction) / (CE of the ablation - clean CE).</summary>
internal sealed class RecoveredCrossEntropy(Intervention reconstruction, Intervention ablation) : ICoreMetric
{
    private readonly CrossEntropy _clean = new(Intervention.Clean);
    private readonly CrossEntropy _reconstructed = new(reconstruction);
    private readonly CrossEntropy _ablated = new(ablation);

    public IReadOnlyCollection<Intervention> Needs => [Intervention.Clean, reconstruction, ablation];

    public object Value => ((double)_ablated.Value - (double)_reconstructed.Value) / ((double)_ablated.Value - (double)_clean.Value);

    public void Add(CoreBatch batch)
    {
        _clean.Add(batch);
        _reconstructed.Add(batch);
        _ablated.Add(batch);
    }
}
