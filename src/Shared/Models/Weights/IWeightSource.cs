using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>Named tensors of a model, whatever file form they come from.</summary>
internal interface IWeightSource : IDisposable
{
    /// <summary>Where the tensors come from, for messages.</summary>
    string Path { get; }

    IEnumerable<string> Names { get; }

    long[] Shape(string name);

    /// <summary>Number type in which the reference computes with the tensor: the stored one, and float32 for GGUF.</summary>
    ScalarType StoredType(string name);

    /// <summary>A float32 tensor on the CPU in memory of its own, not always contiguous; the caller owns it.</summary>
    Tensor Load(string name);
}
