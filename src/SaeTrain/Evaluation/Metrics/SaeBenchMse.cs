namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>SAEBench's mse: |x - x̂|² over the number of tokens in the batch, so that it falls with the batch's size.</summary>
internal sealed class SaeBenchMse : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return batch.ErrorSquares[row] / batch.Rows;
    }
}
