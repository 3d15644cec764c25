namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean over tokens of |x - x̂|² / |x|².</summary>
internal sealed class TokenNmse : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return batch.ErrorSquares[row] / batch.InputSquares[row];
    }
}
