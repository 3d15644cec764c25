using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Scaling;

/// <summary>The point with the least mean distance to a sample, by Weiszfeld's iteration.</summary>
internal static class GeometricMedian
{
    private const int Iterations = 100;
    private const double Tolerance = 1e-6;
    private const double NearestDistance = 1e-12;

    /// <summary>The same iteration with dictionary_learning's way of stopping: from the mean, until a round moves the point by less than a distance.</summary>
    /// <param name="sample">[rows, d].</param>
    /// <param name="move">The distance.</param>
    /// <returns>[d], float32.</returns>
    public static Tensor UntilStill(Tensor sample, double move)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor point = sample.mean([0]);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Tensor next = Next(sample, (sample - point).norm(1).clamp_min_(NearestDistance));
            double moved = (next - point).norm().item<float>();
            point = next;
            if (moved < move)
            {
                break;
            }
        }

        return point.MoveToOuterDisposeScope();
    }

    /// <summary>The geometric median of rows, until the mean distance no longer falls.</summary>
    /// <param name="sample">[rows, d].</param>
    /// <returns>[d], float32.</returns>
    public static Tensor Of(Tensor sample)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor point = sample.mean([0]);
        double before = double.PositiveInfinity;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            using var step = NewDisposeScope();
            Tensor distances = (sample - point).norm(1).clamp_min_(NearestDistance);
            double mean = distances.mean([], false, ScalarType.Float64).item<double>();
            if (before - mean <= Tolerance * mean)
            {
                break;
            }

            before = mean;
            point = Next(sample, distances).MoveToOuterDisposeScope();
        }

        return point.MoveToOuterDisposeScope();
    }

    /// <summary>The mean of rows weighted by one over their distances, which are overwritten.</summary>
    private static Tensor Next(Tensor sample, Tensor distances)
    {
        Tensor weights = distances.reciprocal_();
        return weights.unsqueeze(0).mm(sample).squeeze(0) / weights.sum();
    }
}
