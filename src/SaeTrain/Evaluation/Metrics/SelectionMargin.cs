using Workbench.Dictionaries;

namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>
/// How close the choice of latents comes to another outcome, in float64: the smallest distance of a pre-activation to its threshold
/// (JumpReLU, ReLU, gates), or of the k-th to the next (top-k and its kin).
/// </summary>
internal sealed class SelectionMargin(SparseAutoencoder dictionary) : ICoreMetric
{
    private double _smallest = double.PositiveInfinity;

    public bool IsDiagnostic => true;

    public object Value => _smallest;

    public void Add(CoreBatch batch)
    {
        _smallest = Math.Min(_smallest, dictionary.SelectionMargin(batch.Read));
    }
}
