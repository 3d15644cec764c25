namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>(KL of the ablation - KL with the reconstruction) / KL of the ablation.</summary>
internal sealed class RecoveredDivergence(Intervention reconstruction, Intervention ablation) : ICoreMetric
{
    private readonly Divergence _reconstructed = new(reconstruction);
    private readonly Divergence _ablated = new(ablation);

    public IReadOnlyCollection<Intervention> Needs => [reconstruction, ablation];

    public object Value => ((double)_ablated.Value - (double)_reconstructed.Value) / (double)_ablated.Value;

    public void Add(CoreBatch batch)
    {
        _reconstructed.Add(batch);
        _ablated.Add(batch);
    }
}
