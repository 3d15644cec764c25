namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>FVU of each batch by itself, with the batch's own mean: a list.</summary>
internal sealed class BatchUnexplainedVariance : ICoreMetric
{
    private readonly List<double> _shares = [];

    public object Value => _shares;

    public void Add(CoreBatch batch)
    {
        _shares.Add(batch.ErrorSquares.Sum() / batch.CentredSquares.Sum());
    }
}
