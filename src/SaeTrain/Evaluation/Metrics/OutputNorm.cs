namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean |x̂|.</summary>
internal sealed class OutputNorm : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return Math.Sqrt(batch.OutputSquares[row]);
    }
}
