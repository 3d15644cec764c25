namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean |x - x̂|.</summary>
internal sealed class ErrorNorm : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return Math.Sqrt(batch.ErrorSquares[row]);
    }
}
