using Workbench.Models.Kernels;
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

    protected override Tensor Hidden(Tensor input, PassBuffers buffers)
    {
        Tensor both = buffers.Get("gate_up", gateUp.Outputs);
        Tensor hidden = buffers.Get("hidden", gateUp.Outputs / 2);
        gateUp.Apply(input, both);
        ActivationKernel.Gated(activation, both, hidden);
        return hidden;
    }
}
