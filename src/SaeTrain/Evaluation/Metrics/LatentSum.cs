namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>L1: the sum of the latents of a row of the code.</summary>
internal sealed class LatentSum : TokenMean
{
    protected override int Rows(CoreBatch batch)
    {
        return batch.Code.Rows;
    }

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
