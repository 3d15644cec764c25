namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>L0: latents other than zero, a row of the code.</summary>
internal sealed class ActiveLatents : TokenMean
{
    protected override int Rows(CoreBatch batch)
    {
        return batch.Code.Rows;
    }

    protected override double Of(CoreBatch batch, int row)
    {
        return batch.Code.RowIndices(row).Length;
    }
}
