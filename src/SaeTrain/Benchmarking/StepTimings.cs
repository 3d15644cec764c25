namespace Workbench.SaeTrain.Benchmarking;

/// <summary>Seconds of repeated runs.</summary>
internal sealed class StepTimings
{
    public List<double> Product { get; } = [];

    public List<double> Step { get; } = [];

    public List<double> Unclipped { get; } = [];

    public List<double> Dense { get; } = [];
}
