namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>
/// SAEBench's explained_variance: 1 - E / (S - (S / d)²), where E and S are |x - x̂|² and |x|², averaged over a batch's tokens and
/// then over batches. It subtracts no mean and depends on the scale of x.
/// </summary>
internal sealed class SaeBenchExplainedVariance : ICoreMetric
{
    private double _errors;
    private double _squares;
    private int _batches;
    private int _width;

    public object Value
    {
        get
        {
            double square = _squares / _batches;
            return 1 - (_errors / _batches / (square - Math.Pow(square / _width, 2)));
        }
    }

    public void Add(CoreBatch batch)
    {
        _errors += batch.ErrorSquares.Average();
        _squares += batch.InputSquares.Average();
        _width = batch.Width;
        _batches++;
    }
}
