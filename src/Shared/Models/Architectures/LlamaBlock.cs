using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Weights of one Llama block, products of the same input fused.</summary>
/// <param name="AttentionNorm">float32 [width].</param>
/// <param name="QueryKeyValue">Rows: query heads, key heads, value heads.</param>
/// <param name="Output">From the heads to the residual stream.</param>
/// <param name="MlpNorm">float32 [width].</param>
/// <param name="GateUp">Rows: gate, then up.</param>
/// <param name="Down">From the hidden layer to the residual stream.</param>
internal sealed record LlamaBlock(
    Tensor AttentionNorm, Projection QueryKeyValue, Projection Output, Tensor MlpNorm, Projection GateUp, Projection Down) : IDisposable
{
    public void Dispose()
    {
        AttentionNorm.Dispose();
        QueryKeyValue.Dispose();
        Output.Dispose();
        MlpNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }
}
