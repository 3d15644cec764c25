namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean |x|.</summary>
internal sealed class InputNorm : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return Math.Sqrt(batch.InputSquares[row]);
    }
}
