using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>down(activation(up(x))).</summary>
/// <param name="activation">The function.</param>
/// <param name="up">From the residual stream to the hidden layer.</param>
/// <param name="down">Back.</param>
internal sealed class PlainMlp(Activation activation, Projection up, Projection down) : Mlp(down)
{
    public override IEnumerable<Tensor> Weights => [.. up.Weights, .. base.Weights];

    public override void Dispose()
    {
        base.Dispose();
        up.Dispose();
    }

    protected override Tensor Hidden(ProductRows input, PassBuffers buffers)
    {
        Tensor hidden = buffers.Get("hidden", up.Outputs);
        up.Apply(input, new ActivationTarget(activation, () => hidden, hidden, paired: false), buffers);
        return hidden;
    }
}
