using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>
/// Momentum orthogonalised by Newton-Schulz iterations (Jordan et al. 2024, "Muon"), for the hidden matrices. The step is
/// scaled by sqrt(max(1, rows / columns)); weight decay is decoupled.
/// </summary>
internal static class Muon
{
    /// <summary>Share of the momentum that is kept at each step.</summary>
    public const double Momentum = 0.95;

    private const int Iterations = 5;
    private const double A = 3.4445;
    private const double B = -4.7750;
    private const double C = 2.0315;

    /// <summary>Moves a weight by its gradient and updates the momentum in place.</summary>
    public static void Step(Tensor weight, Tensor gradient, Tensor momentum, double rate, double decay, ScalarType product)
    {
        using var scope = NewDisposeScope();
        momentum.lerp_(gradient, 1 - Momentum);
        Tensor direction = Orthogonalised(gradient.lerp(momentum, Momentum), product);
        double scale = Math.Sqrt(Math.Max(1.0, (double)weight.shape[0] / weight.shape[1]));
        weight.mul_(1 - (rate * decay)).add_(direction, alpha: -rate * scale);
    }

    /// <summary>The nearest semi-orthogonal matrix, roughly: singular values land between 0.7 and 1.2.</summary>
    public static Tensor Orthogonalised(Tensor matrix, ScalarType product)
    {
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = (tall ? matrix.t() : matrix) / (matrix.norm() + 1e-7);
        x = x.to(product);
        for (int i = 0; i < Iterations; i++)
        {
            Tensor gram = x.mm(x.t());
            Tensor polynomial = (B * gram) + (C * gram.mm(gram));
            x = (A * x) + polynomial.mm(x);
        }

        return (tall ? x.t() : x).to(ScalarType.Float32);
    }
}
