namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The number of counted tokens.</summary>
internal sealed class TokenCount : ICoreMetric
{
    private long _rows;

    public object Value => (double)_rows;

    public void Add(CoreBatch batch)
    {
        _rows += batch.Rows;
    }
}
