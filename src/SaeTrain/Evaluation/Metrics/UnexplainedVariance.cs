namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>FVU: sum |x - x̂|² / sum |x - mean|², with the mean over all counted tokens.</summary>
internal class UnexplainedVariance : ICoreMetric
{
    private double _errors;
    private double _squares;
    private double[]? _sums;
    private long _rows;

    public virtual object Value => Share;

    protected double Share => _errors / (_squares - (_sums!.Sum(sum => sum * sum) / _rows));

    public void Add(CoreBatch batch)
    {
        _errors += batch.ErrorSquares.Sum();
        _squares += batch.InputSquares.Sum();
        _rows += batch.Rows;
        _sums ??= new double[batch.Width];
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += batch.InputSums[i];
        }
    }
}
