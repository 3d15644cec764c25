namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean |x - x̂|², summed over features: SAELens' mse.</summary>
internal sealed class ErrorSquare : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return batch.ErrorSquares[row];
    }
}
