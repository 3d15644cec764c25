using TorchSharp;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>AuxK as dictionary_learning defines it for its top-k architectures.</summary>
/// <remarks>
/// <c>mean_rows Σ_d (r - R)² / mean_rows Σ_d (r - mean_rows r)²</c>, r the detached error; R decodes, without bias, the d/2 largest
/// activations of dead latents after ReLU. Where that is no number it is 0.
/// </remarks>
/// <param name="parameters">The weights.</param>
internal sealed class DictionaryLearningAuxiliary(ParameterSet parameters)
{
    private readonly int _most = Math.Max(1, parameters.OutputWidth / 2);

    /// <summary>The loss of a batch, without its weight; zero where nothing is dead.</summary>
    /// <param name="batch">Encoded activations [rows, d].</param>
    /// <param name="residual">What the reconstruction lacks [rows, d], outside the graph.</param>
    /// <param name="dead">Dead latents, int64 [m].</param>
    public Tensor Of(Tensor batch, Tensor residual, Tensor dead)
    {
        if (dead.shape[0] == 0)
        {
            return zeros([], device: parameters.Device);
        }

        Tensor kept = DeadLatents.KeepLargest(DeadLatents.PreActivations(parameters, batch, dead).relu(), _most);
        Tensor prediction = kept.mm(parameters.Decoder.index_select(0, dead));
        Tensor spread = (residual - residual.mean([0])).square().sum(-1).mean();
        return ((residual - prediction).square().sum(-1).mean() / spread).nan_to_num(0);
    }
}
