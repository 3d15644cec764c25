namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>
/// dictionary_learning's frac_variance_explained: 1 - sum Var(x - x̂) / sum Var(x). Unlike 1 - FVU it forgives a constant error.
/// </summary>
internal sealed class ExplainedFraction : ICoreMetric
{
    private double _errors;
    private double _squares;
    private double[]? _errorSums;
    private double[]? _inputSums;
    private long _rows;

    // Both variances are divided by n - 1, which cancels.
    public object Value => 1 - ((_errors - Square(_errorSums!)) / (_squares - Square(_inputSums!)));

    public void Add(CoreBatch batch)
    {
        _errors += batch.ErrorSquares.Sum();
        _squares += batch.InputSquares.Sum();
        _rows += batch.Rows;
        _errorSums ??= new double[batch.Width];
        _inputSums ??= new double[batch.Width];
        for (int i = 0; i < batch.Width; i++)
        {
            _errorSums[i] += batch.ErrorSums[i];
            _inputSums[i] += batch.InputSums[i];
        }
    }

    private double Square(double[] sums)
    {
        return sums.Sum(sum => sum * sum) / _rows;
    }
}
