namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>SAEBench's consistent_activation_heuristic, a list: activations of a latent over windows in which it is on; -1 without any.</summary>
internal sealed class ConsistentActivation : ICoreMetric
{
    private long[]? _counts;
    private long[]? _windows;

    public object Value => _counts!.Zip(_windows!, (count, windows) => windows == 0 ? -1.0 : (double)count / windows).ToList();

    public void Add(CoreBatch batch)
    {
        _counts ??= new long[batch.Code.Latents];
        _windows ??= new long[batch.Code.Latents];
        int[] lastWindow = new int[batch.Code.Latents];
        Array.Fill(lastWindow, -1);
        for (int row = 0; row < batch.Code.Rows; row++)
        {
            foreach (int latent in batch.Code.RowIndices(row))
            {
                _counts[latent]++;
                _windows[latent] += lastWindow[latent] == batch.Windows[row] ? 0 : 1;
                lastWindow[latent] = batch.Windows[row];
            }
        }
    }
}
