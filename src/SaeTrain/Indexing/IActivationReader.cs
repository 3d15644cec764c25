using Workbench.Features;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>Gives the activations of a harvest's rows, wherever they come from.</summary>
internal interface IActivationReader : IDisposable
{
    ActivationSource Source { get; }

    /// <summary>The number type the activations went through, e.g. <c>float16</c>.</summary>
    string NumberType { get; }

    /// <summary>Features of a row: of all hooks that are read, side by side.</summary>
    int Width { get; }

    /// <summary>Overwrites <paramref name="destination"/>, float32 [block.Rows, width] on the CPU.</summary>
    void Read(SequenceBlock block, Tensor destination, CancellationToken cancellation);
}
