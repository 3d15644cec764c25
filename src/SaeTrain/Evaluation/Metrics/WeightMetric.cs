namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>A metric of the dictionary's weights alone, computed when its value is asked for.</summary>
internal sealed class WeightMetric(Func<object> compute) : ICoreMetric
{
    public bool IsDiagnostic => true;

    public object Value => compute();

    public void Add(CoreBatch batch)
    {
    }
}
