using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>The memory that the blocks of one pass share.</summary>
internal sealed class LlamaBuffers(ActivationBuffers held, ModelConfig config, int rows, ScalarType type)
{
    /// <summary>Output of a norm, [rows, width].</summary>
    public Tensor Normed { get; } = held.Get("normed", rows, config.Width, type);

    /// <summary>Queries, keys and values, [rows, (heads + 2 key-value heads) * head_dim].</summary>
    public Tensor Projected { get; } = held.Get("projected", rows, (config.Heads + (2 * config.KeyValueHeads)) * config.HeadDim, type);

    /// <summary>Output of the heads, [rows, heads * head_dim].</summary>
    public Tensor Attended { get; } = held.Get("attended", rows, config.Heads * config.HeadDim, type);

    /// <summary>Gate and up, [rows, 2 intermediate].</summary>
    public Tensor GateUp { get; } = held.Get("gate_up", rows, 2 * config.IntermediateSize, type);

    /// <summary>Input of the down projection, [rows, intermediate].</summary>
    public Tensor Hidden { get; } = held.Get("hidden", rows, config.IntermediateSize, type);

    /// <summary>What a sub-block adds to the stream, [rows, width].</summary>
    public Tensor Added { get; } = held.Get("added", rows, config.Width, type);
}
