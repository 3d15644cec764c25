namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>L0: latents other than zero, a token.</summary>
internal sealed class ActiveLatents : TokenMean
{
    protected override double Of(CoreBatch batch, int row)
    {
        return batch.Code.RowIndices(row).Length;
    }
}
