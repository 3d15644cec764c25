namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Mean cosine of x and x̂; 0 where one of them is zero.</summary>
internal sealed class CosineSimilarity : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        double norms = Math.Sqrt(batch.InputSquares[row] * batch.OutputSquares[row]);
        return norms > 0 ? batch.Products[row] / norms : 0;
    }
}
