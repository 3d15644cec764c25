using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>Norms and cosines of a dictionary's encoder columns and decoder rows, in float64.</summary>
internal static class WeightGeometry
{
    private const long BlockElements = 1 << 23;

    public static IReadOnlyList<double> EncoderNorms(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return Values(Rows(dictionary.EncoderWeight.t()).norm(1));
    }

    public static IReadOnlyList<double> EncoderDecoderCosines(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return Values((Unit(dictionary.EncoderWeight.t()) * Unit(dictionary.DecoderWeight)).sum(1));
    }

    /// <summary>For each encoder column the largest cosine with another.</summary>
    public static IReadOnlyList<double> MaxEncoderCosines(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return MaxCosines(Unit(dictionary.EncoderWeight.t()));
    }

    /// <summary>For each decoder row the largest cosine with another.</summary>
    public static IReadOnlyList<double> MaxDecoderCosines(SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        return MaxCosines(Unit(dictionary.DecoderWeight));
    }

    private static double[] MaxCosines(Tensor unit)
    {
        int n = (int)unit.shape[0];
        int block = (int)Math.Clamp(BlockElements / n, 1, n);
        double[] largest = new double[n];
        for (int first = 0; first < n; first += block)
        {
            using var step = NewDisposeScope();
            int rows = Math.Min(block, n - first);
            Tensor cosines = unit.narrow(0, first, rows).mm(unit.t());
            cosines.diagonal(first).fill_(double.NegativeInfinity);
            Values(cosines.amax([1])).CopyTo(largest, first);
        }

        return largest;
    }

    private static Tensor Rows(Tensor weight)
    {
        return weight.to(ScalarType.Float64).cpu().contiguous();
    }

    private static Tensor Unit(Tensor weight)
    {
        Tensor rows = Rows(weight);
        return rows / rows.norm(1, keepdim: true).clamp_min_(1e-12);
    }

    private static double[] Values(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, double>(tensor.contiguous().bytes).ToArray();
    }
}
