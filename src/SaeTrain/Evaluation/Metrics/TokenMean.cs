namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The mean of something over all counted tokens, or over all rows of their code.</summary>
internal abstract class TokenMean : ICoreMetric
{
    private double _sum;
    private long _rows;

    public object Value => _sum / _rows;

    public void Add(CoreBatch batch)
    {
        int rows = Rows(batch);
        for (int row = 0; row < rows; row++)
        {
            _sum += Of(batch, row);
        }

        _rows += rows;
    }

    protected virtual int Rows(CoreBatch batch)
    {
        return batch.Rows;
    }

    protected abstract double Of(CoreBatch batch, int row);
}
