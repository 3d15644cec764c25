using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Scaling;

/// <summary>Scales that follow from the norms of activations.</summary>
internal static class RowNorms
{
    /// <summary>The factor that makes the mean norm of rows the root of their width: <c>sqrt(d) / mean ||x||</c>.</summary>
    /// <param name="rows">[rows, d].</param>
    /// <exception cref="WorkbenchException">All rows are zero, or one is not finite.</exception>
    public static double ScaleToRoot(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double mean = rows.norm(1).mean([], false, ScalarType.Float64).item<double>();
        return mean > 0 && double.IsFinite(mean)
            ? Math.Sqrt(rows.shape[1]) / mean
            : throw new WorkbenchException($"The mean norm of a sample of activations is {mean}, where a positive number was expected; check the harvest's hook.");
    }
}
