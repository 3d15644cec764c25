namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>sum |x - x̂|² / sum |x - mean|² over rows that come batch by batch, with the mean over all of them.</summary>
internal sealed class UnexplainedShare
{
    private double _errors;
    private double _squares;
    private double[]? _sums;
    private long _rows;

    public double Value => _errors / (_squares - (_sums!.Sum(sum => sum * sum) / _rows));

    /// <summary>Adds a batch.</summary>
    /// <param name="errors">sum |x - x̂|².</param>
    /// <param name="squares">sum |x|².</param>
    /// <param name="sums">sum x by feature.</param>
    /// <param name="rows">Its rows.</param>
    public void Add(double errors, double squares, double[] sums, int rows)
    {
        _errors += errors;
        _squares += squares;
        _rows += rows;
        _sums ??= new double[sums.Length];
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += sums[i];
        }
    }
}
