using Workbench.Models.Kernels.Products;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>down(activation(gate(x)) * up(x)).</summary>
/// <param name="activation">The function.</param>
/// <param name="gateUp">Rows: gate, then up.</param>
/// <param name="down">From the hidden layer to the residual stream.</param>
internal sealed class GatedMlp(Activation activation, Projection gateUp, Projection down) : Mlp(down)
{
    public override IEnumerable<Tensor> Weights => [.. gateUp.Weights, .. base.Weights];

    public override void Dispose()
    {
        base.Dispose();
        gateUp.Dispose();
    }

    protected override Tensor Hidden(ProductRows input, PassBuffers buffers)
    {
        Tensor hidden = buffers.Get("hidden", gateUp.Outputs / 2);
        gateUp.Apply(input, new ActivationTarget(activation, () => buffers.Get("gate_up", gateUp.Outputs), hidden, paired: true), buffers);
        return hidden;
    }
}
