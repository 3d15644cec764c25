namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Explained variance: 1 - FVU, as SAELens defines it since 6.54.</summary>
internal sealed class ExplainedVariance : UnexplainedVariance
{
    public override object Value => 1 - Share;
}
