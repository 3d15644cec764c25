using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>AuxK as SAELens defines it for its top-k architectures.</summary>
/// <remarks>
/// <c>c min(dead / k_aux, 1) mean_rows Σ_d (R - r)²</c>, k_aux half the width; r the detached error; R decodes, without bias, the
/// k_aux largest pre-activations of dead latents, negative ones included. With a norm, pre-activations are multiplied by it before
/// the choice and divided by it before decoding, inside the graph.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="coefficient">c.</param>
internal sealed class SaeLensAuxiliary(ParameterSet parameters, double coefficient)
{
    private readonly int _most = Math.Max(1, parameters.OutputWidth / 2);

    /// <summary>The loss of a batch; zero where nothing is dead.</summary>
    /// <param name="batch">Encoded activations [rows, d_in].</param>
    /// <param name="residual">What the reconstruction lacks [rows, d_out], outside the graph.</param>
    /// <param name="dead">Dead latents, int64 [m].</param>
    /// <param name="norm">The latents' norms [n] as a graph, or null.</param>
    public Tensor Of(Tensor batch, Tensor residual, Tensor dead, Tensor? norm)
    {
        if (dead.shape[0] == 0)
        {
            return zeros([], device: parameters.Device);
        }

        Tensor pre = DeadLatents.PreActivations(parameters, batch, dead);
        Tensor? deadNorm = norm?.index_select(0, dead);
        Tensor kept = DeadLatents.KeepLargest(deadNorm is null ? pre : pre * deadNorm, _most);
        Tensor prediction = (deadNorm is null ? kept : kept / deadNorm).mm(parameters.Decoder.index_select(0, dead));
        double weight = coefficient * Math.Min(dead.shape[0] / (double)_most, 1);
        return (prediction - residual).pow(2.0).sum(-1).mean() * weight;
    }
}
