using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>Named tensors of a file, whatever its container; type and shape are known before anything is loaded.</summary>
internal interface IStoredTensors
{
    string Path { get; }

    IReadOnlyCollection<string> Names { get; }

    ScalarType Type(string name);

    long[] Shape(string name);

    /// <summary>The tensor as stored, on the CPU.</summary>
    /// <exception cref="WorkbenchException">Its bytes are not all there.</exception>
    Tensor Read(string name);
}
