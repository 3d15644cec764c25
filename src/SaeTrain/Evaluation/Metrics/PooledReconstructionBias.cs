namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Relative reconstruction bias over all tokens at once: sum |x̂|² / sum x · x̂.</summary>
internal sealed class PooledReconstructionBias : ICoreMetric
{
    private double _squares;
    private double _products;

    public object Value => _squares / _products;

    public void Add(CoreBatch batch)
    {
        _squares += batch.OutputSquares.Sum();
        _products += batch.Products.Sum();
    }
}
