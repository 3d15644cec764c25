namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>FVU: sum |x - x̂|² / sum |x - mean|², with the mean over all counted tokens; of several hooks, over their activations side by side.</summary>
internal class UnexplainedVariance : ICoreMetric
{
    private readonly UnexplainedShare _share = new();

    public virtual object Value => Share;

    protected double Share => _share.Value;

    public void Add(CoreBatch batch)
    {
        _share.Add(batch.ErrorSquares.Sum(), batch.InputSquares.Sum(), batch.InputSums, batch.Rows);
    }
}
