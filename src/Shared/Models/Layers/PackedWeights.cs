using Workbench.Models.Kernels.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>
/// Weights in the order that tiles read, kept from pass to pass as long as all of them fit a bound; those beyond it share one memory
/// and are packed at every pass, which costs two to three percent of it.
/// </summary>
/// <param name="held">Memory of the passes.</param>
/// <param name="bound">The most bytes to keep.</param>
internal sealed class PackedWeights(ActivationBuffers held, long bound = PackedWeights.DefaultBound) : IDisposable
{
    private const long DefaultBound = 512L << 20;

    private readonly Dictionary<(Projection Owner, bool Paired), Tensor> _kept = [];
    private long _bytes;

    /// <summary>A layer's weight packed; it belongs to this and holds until the next call.</summary>
    /// <param name="owner">The layer.</param>
    /// <param name="weight">Its weight, which never changes.</param>
    /// <param name="layout">Which outputs lie in which tile.</param>
    public Tensor Of(Projection owner, Tensor weight, TileLayout layout)
    {
        if (_kept.TryGetValue((owner, layout.Paired), out Tensor? kept))
        {
            return kept;
        }

        long length = ProductKernel.PackedLength(weight, layout);
        long bytes = length * weight.ElementSize;
        Tensor packed;
        if (_bytes + bytes <= bound)
        {
            packed = empty(length, dtype: weight.dtype).DetachFromDisposeScope();
            _kept.Add((owner, layout.Paired), packed);
            _bytes += bytes;
        }
        else
        {
            packed = held.AtLeast("packed", length, weight.dtype);
        }

        ProductKernel.Pack(weight, layout, packed);
        return packed;
    }

    public void Dispose()
    {
        foreach (Tensor packed in _kept.Values)
        {
            packed.Dispose();
        }

        _kept.Clear();
    }
}
