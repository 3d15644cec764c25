namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The mean of something over all counted tokens.</summary>
internal abstract class TokenMean : ICoreMetric
{
    private double _sum;
    private long _rows;

    public object Value => _sum / _rows;

    public void Add(CoreBatch batch)
    {
        for (int row = 0; row < batch.Rows; row++)
        {
            _sum += Of(batch, row);
        }

        _rows += batch.Rows;
    }

    protected abstract double Of(CoreBatch batch, int row);
}
