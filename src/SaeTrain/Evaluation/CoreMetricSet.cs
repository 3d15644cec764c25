namespace Workbench.SaeTrain.Evaluation;

/// <summary>Metrics as one project defines them, by the names it gives them.</summary>
/// <param name="Name">The set's name in result files.</param>
/// <param name="Definition">Whose definitions these are, and how they differ.</param>
/// <param name="Metrics">The metrics.</param>
internal sealed record CoreMetricSet(string Name, string Definition, IReadOnlyDictionary<string, ICoreMetric> Metrics)
{
    public void Add(CoreBatch batch)
    {
        foreach (ICoreMetric metric in Metrics.Values)
        {
            metric.Add(batch);
        }
    }

    /// <summary>The values by name; one that is not a finite number, such as a margin where nothing is chosen, is left out.</summary>
    public IReadOnlyDictionary<string, object> Values()
    {
        return Metrics
            .Select(metric => (metric.Key, metric.Value.Value))
            .Where(entry => entry.Value is not double number || double.IsFinite(number))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
    }
}
