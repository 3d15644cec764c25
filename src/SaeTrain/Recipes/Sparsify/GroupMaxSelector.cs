using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>Picks the largest pre-activation of each of k contiguous groups of latents, on whatever device the weights are.</summary>
internal sealed class GroupMaxSelector(ScalarType matrixType) : ILatentSelector
{
    private readonly EncoderProduct _product = new(matrixType);

    public LatentChoice Choose(Tensor centred, Tensor encoder, Tensor bias, Tensor? scale, int k)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor weights, Tensor offsets) = EncoderProduct.Scaled(encoder, bias, scale);
        long size = encoder.shape[0] / k;
        (Tensor values, Tensor places) = _product.Of(centred, weights, offsets).view(centred.shape[0], k, size).max(-1);
        Tensor firsts = arange(k, ScalarType.Int64, encoder.device).mul_(size);
        Tensor mask = values.gt(0.0).to(ScalarType.Float32);
        return new LatentChoice(places.add_(firsts).MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _product.Dispose();
    }
}
