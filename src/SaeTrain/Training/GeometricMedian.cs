using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>The point with the least mean distance to a sample, by Weiszfeld's iteration.</summary>
internal static class GeometricMedian
{
    private const int Iterations = 100;
    private const double Tolerance = 1e-6;

    /// <summary>The geometric median of rows.</summary>
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
            Tensor distances = (sample - point).norm(1).clamp_min_(1e-12);
            double mean = distances.mean([], false, ScalarType.Float64).item<double>();
            if (before - mean <= Tolerance * mean)
            {
                break;
            }

            before = mean;
            Tensor weights = distances.reciprocal_();
            Tensor next = weights.unsqueeze(0).mm(sample).squeeze(0) / weights.sum();
            point = next.MoveToOuterDisposeScope();
        }

        return point.MoveToOuterDisposeScope();
    }
}
