using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Adam (Kingma and Ba 2015) for the embedding and the norms; no weight decay.</summary>
internal static class AdamW
{
    private const double First = 0.9;
    private const double Second = 0.95;
    private const double Epsilon = 1e-8;

    /// <summary>Moves a weight by its gradient and updates both moments in place.</summary>
    /// <param name="step">Number of this step, from 1.</param>
    public static void Step(Tensor weight, Tensor gradient, Tensor mean, Tensor square, double rate, long step)
    {
        using var scope = NewDisposeScope();
        mean.lerp_(gradient, 1 - First);
        square.mul_(Second).addcmul_(gradient, gradient, 1 - Second);
        Tensor denominator = (square / (1 - Math.Pow(Second, step))).sqrt_().add_(Epsilon);
        weight.addcdiv_(mean, denominator, -rate / (1 - Math.Pow(First, step)));
    }
}
