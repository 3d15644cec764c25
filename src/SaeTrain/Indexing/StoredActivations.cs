using Workbench.Activations;
using Workbench.Features;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The activations that the harvest stored; the harvest owns them.</summary>
internal sealed class StoredActivations(ActivationStore store) : IActivationReader
{
    public ActivationSource Source => ActivationSource.Stored;

    public string NumberType => store.StoredType.ToString().ToLowerInvariant();

    public int Width => store.Width;

    public void Read(SequenceBlock block, Tensor destination, CancellationToken cancellation)
    {
        store.Read(block.FirstRow, destination);
    }

    public void Dispose()
    {
    }
}
