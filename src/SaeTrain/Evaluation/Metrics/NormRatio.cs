namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean of |x̂| / |x|; a norm of x below 1e-4 counts as 1, as in SAELens.</summary>
internal sealed class NormRatio : TokenMean
{
    private const double SmallestNorm = 1e-4;

    protected override double Of(CoreBatch batch, int row)
    {
        double norm = Math.Sqrt(batch.InputSquares[row]);
        return Math.Sqrt(batch.OutputSquares[row]) / (norm < SmallestNorm ? 1 : norm);
    }
}
