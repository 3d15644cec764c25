namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>SAEBench's explained_variance_legacy: mean over tokens of 1 - |x - x̂|² / |x - mean of the batch|².</summary>
internal sealed class ExplainedVarianceLegacy : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return 1 - (batch.ErrorSquares[row] / batch.CentredSquares[row]);
    }
}
