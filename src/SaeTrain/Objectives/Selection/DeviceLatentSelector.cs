using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Selection by tensor operations, on whatever device the weights are.</summary>
internal sealed class DeviceLatentSelector(ScalarType matrixType) : ILatentSelector
{
    private readonly EncoderProduct _product = new(matrixType);

    public LatentChoice Choose(Tensor centred, Tensor encoder, Tensor bias, Tensor? scale, int k)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor weights, Tensor offsets) = EncoderProduct.Scaled(encoder, bias, scale);
        (Tensor values, Tensor picked) = _product.Of(centred, weights, offsets).topk(k, -1);
        return new LatentChoice(picked.MoveToOuterDisposeScope(), (values > 0).to(ScalarType.Float32).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _product.Dispose();
    }
}
