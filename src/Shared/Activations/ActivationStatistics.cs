using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Activations;

/// <summary>Statistics of one hook's stored rows, accumulated in float64 in the order of rows.</summary>
/// <param name="Hook">The hook point's name.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Width">Values a row.</param>
/// <param name="MeanNorm">The mean Euclidean norm of a row.</param>
/// <param name="MedianNorm">The median norm; the mean of the middle two for an even count.</param>
/// <param name="MeanSquaredNorm">The mean squared norm of a row.</param>
/// <param name="TotalVariance">The mean squared distance of a row from the mean row.</param>
/// <param name="MaxAbs">The largest absolute value.</param>
/// <param name="Mean">The mean row, [width].</param>
/// <param name="Eigenvalues">Eigenvalues of the covariance on a sample, from the largest; null of a single row. Of rows wider than 2,048 only those that the sample can tell, one less than its rows.</param>
/// <param name="EigenvalueRows">Rows of that sample, at even distances.</param>
public sealed record ActivationStatistics(
    string Hook,
    long Rows,
    int Width,
    double MeanNorm,
    double MedianNorm,
    double MeanSquaredNorm,
    double TotalVariance,
    double MaxAbs,
    IReadOnlyList<double> Mean,
    IReadOnlyList<double>? Eigenvalues = null,
    int EigenvalueRows = 0)
{
    private const int ChunkRows = 4096;

    /// <summary>Computes the statistics of a store : one pass, and a sample for the covariance.</summary>
    /// <param name="hook">The hook point's name.</param>
    /// <param name="store">The rows.</param>
    /// <param name="progress">Told the number of rows done.</param>
    /// <param name="cancellation">Stops the pass.</param>
    public static ActivationStatistics Of(
        string hook, ActivationStore store, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        int width = store.Width;
        var mean = new double[width];
        var wide = new double[width];
        var norms = new float[store.Rows];
        double norm = 0, square = 0;
        float largest = 0;
        using Tensor buffer = torch.empty(Math.Min(ChunkRows, store.Rows), width, dtype: torch.ScalarType.Float32);
        for (long first = 0; first < store.Rows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(ChunkRows, store.Rows - first);
            using Tensor chunk = buffer.narrow(0, 0, count);
            store.Read(first, chunk);
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(chunk.bytes);
            largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude(values)));
            for (int row = 0; row < count; row++)
            {
                TensorPrimitives.ConvertChecked(values.Slice(row * width, width), wide.AsSpan());
                TensorPrimitives.Add(mean, wide, mean);
                double squared = TensorPrimitives.SumOfSquares<double>(wide);
                square += squared;
                norm += Math.Sqrt(squared);
                norms[first + row] = (float)Math.Sqrt(squared);
            }

            progress?.Invoke(first + count);
        }

        TensorPrimitives.Divide(mean, store.Rows, mean);
        double variance = (square / store.Rows) - TensorPrimitives.SumOfSquares<double>(mean);
        (double[] Eigenvalues, int Rows)? spectrum = CovarianceSpectrum.Of(store, cancellation);
        return new ActivationStatistics(
            hook, store.Rows, width, norm / store.Rows, Median(norms), square / store.Rows, variance, largest, mean, spectrum?.Eigenvalues, spectrum?.Rows ?? 0);
    }

    /// <summary>The median of numbers, which are sorted in place; the mean of the middle two for an even count.</summary>
    /// <param name="values">At least one number.</param>
    public static double Median(float[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + (double)values[middle]) / 2;
    }
}
