namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Relative reconstruction bias: mean |x̂|² over mean x · x̂, taken a batch at a time and averaged over batches.</summary>
internal sealed class ReconstructionBias : ICoreMetric
{
    private double _sum;
    private int _batches;

    public object Value => _sum / _batches;

    public void Add(CoreBatch batch)
    {
        _sum += batch.OutputSquares.Sum() / batch.Products.Sum();
        _batches++;
    }
}
