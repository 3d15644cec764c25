namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>The share of the code's rows at which each latent is on, and what follows from these shares.</summary>
internal abstract class LatentDensities : ICoreMetric
{
    private long[]? _counts;
    private long _rows;

    public object Value => Summarise([.. _counts!.Select(count => (double)count / _rows)]);

    public void Add(CoreBatch batch)
    {
        _counts ??= new long[batch.Code.Latents];
        foreach (int latent in batch.Code.Indices)
        {
            _counts[latent]++;
        }

        _rows += batch.Code.Rows;
    }

    protected abstract object Summarise(IReadOnlyList<double> densities);
}
