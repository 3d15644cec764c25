using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations;

/// <summary>
/// The eigenvalues of the covariance of a store's rows, on rows at even distances, in float64: sum (x - mean)(x - mean)^T / (n - 1)
/// with the mean of the sample.
/// </summary>
internal static class CovarianceSpectrum
{
    // An eigenvalue problem of a larger matrix would take longer than the harvest's own pass.
    private const int LargestMatrix = 2048;
    private const int SampleRows = 8192;
    private const int ChunkRows = 1024;

    /// <summary>
    /// Eigenvalues from the largest, and the rows of the sample; null where there is but one row. Of rows wider than 2,048 the sample
    /// has 2,048 rows and the eigenvalues are those that are not zero, one less than its rows, from the matrix of their scalar products.
    /// </summary>
    public static (double[] Eigenvalues, int Rows)? Of(ActivationStore store, CancellationToken cancellation)
    {
        bool wide = store.Width > LargestMatrix;
        int rows = (int)Math.Min(wide ? LargestMatrix : SampleRows, store.Rows);
        if (rows < 2)
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        Tensor matrix = wide ? ScalarProducts(store, rows, cancellation) : Covariance(store, rows, cancellation);
        double[] ascending = torch.linalg.eigvalsh(matrix).data<double>().ToArray();
        Array.Reverse(ascending);
        return (wide ? ascending[..(rows - 1)] : ascending, rows);
    }

    private static Tensor Covariance(ActivationStore store, int rows, CancellationToken cancellation)
    {
        Tensor sum = torch.zeros(store.Width, dtype: torch.ScalarType.Float64);
        Tensor products = torch.zeros(store.Width, store.Width, dtype: torch.ScalarType.Float64);

        // Sums are taken around the first chunk's mean, which keeps their difference exact where the mean is large.
        Tensor? origin = null;
        for (int first = 0; first < rows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = torch.NewDisposeScope();
            Tensor chunk = Sample(store, rows, first, Math.Min(ChunkRows, rows - first));
            origin ??= chunk.mean([0]).MoveToOuterDisposeScope();
            Tensor centred = chunk - origin;
            sum.add_(centred.sum(dim: 0L));
            products.add_(centred.t().mm(centred));
        }

        return (products - (sum.outer(sum) / rows)) / (rows - 1);
    }

    private static Tensor ScalarProducts(ActivationStore store, int rows, CancellationToken cancellation)
    {
        Tensor sample = Sample(store, rows, 0, rows);
        sample.sub_(sample.mean([0]));
        cancellation.ThrowIfCancellationRequested();
        return sample.mm(sample.t()) / (rows - 1);
    }

    private static Tensor Sample(ActivationStore store, int rows, int first, int count)
    {
        long[] picked = [.. Enumerable.Range(first, count).Select(i => (long)((Int128)i * store.Rows / rows))];
        using Tensor values = torch.empty(count, store.Width, dtype: torch.ScalarType.Float32);
        store.Gather(picked, values);
        return values.to(torch.ScalarType.Float64);
    }
}
