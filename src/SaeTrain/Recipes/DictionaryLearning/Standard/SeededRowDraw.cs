using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>
/// Draws that follow from the seed, the step and the weights alone, on any device: rows in the order of <c>-log(u) / weight</c>
/// with uniform u, the exponential race of Efraimidis and Spirakis (2006).
/// </summary>
internal sealed class SeededRowDraw(long seed) : IRowDraw
{
    private const ulong StepStride = 0x9E3779B97F4A7C15;

    public Tensor Draw(Tensor weights, int count, long step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(unchecked((ulong)seed + ((ulong)(step + 1) * StepStride)));
        Tensor uniform = rand(weights.shape[0], ScalarType.Float64, generator: random).to(weights.device);
        Tensor arrival = uniform.log_().neg_().div_(weights.to(ScalarType.Float64));
        return arrival.topk(count, -1, largest: false).indexes.MoveToOuterDisposeScope();
    }
}
