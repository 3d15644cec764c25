namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>A choice of the same number of entries in each row.</summary>
/// <param name="k">Entries of a row.</param>
internal abstract class TopKSelection(int k) : LatentSelection
{
    /// <summary>Entries of a row; it may fall from step to step.</summary>
    public virtual int K { get; set; } = k;
}
