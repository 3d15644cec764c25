namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>L1: the sum of a token's latents.</summary>
internal sealed class LatentSum : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        double sum = 0;
        foreach (float value in batch.Code.RowValues(row))
        {
            sum += value;
        }

        return sum;
    }
}
