namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean squared error of one feature of one token.</summary>
internal sealed class MsePerDimension : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return batch.ErrorSquares[row] / batch.Width;
    }
}
