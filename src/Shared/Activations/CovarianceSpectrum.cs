using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations;

/// <summary>
/// The eigenvalues of the covariance of a store's rows, on rows at even distances, in float64: sum (x - mean)(x - mean)^T / (n - 1)
/// with the mean of the sample.
/// </summary>
internal static class CovarianceSpectrum
{
    // An eigenvalue problem of a wider row would take longer than the harvest's own pass.
    private const int WidestRow = 2048;
    private const int SampleRows = 8192;
    private const int ChunkRows = 1024;

    /// <summary>Eigenvalues from the largest, and the rows of the sample; null where rows are wider than 2,048 or there is but one.</summary>
    public static (double[] Eigenvalues, int Rows)? Of(ActivationStore store, CancellationToken cancellation)
    {
        int rows = (int)Math.Min(SampleRows, store.Rows);
        if (store.Width > WidestRow || rows < 2)
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        Tensor sum = torch.zeros(store.Width, dtype: torch.ScalarType.Float64);
        Tensor products = torch.zeros(store.Width, store.Width, dtype: torch.ScalarType.Float64);

        // Sums are taken around the first chunk's mean, which keeps their difference exact where the mean is large.
        Tensor? origin = null;
        for (int first = 0; first < rows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = torch.NewDisposeScope();
            long[] picked = [.. Enumerable.Range(first, Math.Min(ChunkRows, rows - first)).Select(i => (long)((Int128)i * store.Rows / rows))];
            Tensor chunk = torch.empty(picked.Length, store.Width, dtype: torch.ScalarType.Float32);
            store.Gather(picked, chunk);
            Tensor wide = chunk.to(torch.ScalarType.Float64);
            origin ??= wide.mean([0]).MoveToOuterDisposeScope();
            Tensor centred = wide - origin;
            sum.add_(centred.sum(dim: 0L));
            products.add_(centred.t().mm(centred));
        }

        Tensor covariance = (products - (sum.outer(sum) / rows)) / (rows - 1);
        double[] ascending = torch.linalg.eigvalsh(covariance).data<double>().ToArray();
        Array.Reverse(ascending);
        return (ascending, rows);
    }
}
