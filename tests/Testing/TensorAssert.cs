using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Workbench.Testing;

/// <summary>Comparisons of tensors.</summary>
public static class TensorAssert
{
    /// <summary>The largest error is at most <paramref name="tolerance"/> times the largest magnitude expected; NaN never passes.</summary>
    public static void CloseToScale(Tensor expected, Tensor actual, double tolerance, string name)
    {
        using var scope = NewDisposeScope();
        Compare(expected, actual, tolerance * expected.to(ScalarType.Float64).abs().max().item<double>(), name);
    }

    /// <summary>The largest error is at most <paramref name="limit"/>; NaN never passes.</summary>
    public static void CloseTo(Tensor expected, Tensor actual, double limit, string name)
    {
        using var scope = NewDisposeScope();
        Compare(expected, actual, limit, name);
    }

    private static void Compare(Tensor expected, Tensor actual, double limit, string name)
    {
        Assert.True(
            expected.shape.SequenceEqual(actual.shape),
            $"{name}: expected shape [{string.Join(", ", expected.shape)}], found [{string.Join(", ", actual.shape)}]");
        double error = (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(error <= limit, $"{name}: largest error {error:g4} is above {limit:g4}");
    }
}
