namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>A choice among all entries of a batch.</summary>
internal abstract class BatchTopKSelection : LatentSelection
{
    /// <summary>The least score that was kept in the last batch; zero where none was positive.</summary>
    public float Least { get; protected set; }
}
