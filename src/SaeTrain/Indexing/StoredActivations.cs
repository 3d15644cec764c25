using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The activations that the harvest stored; the harvest owns them.</summary>
internal sealed class StoredActivations(ActivationStore store) : IActivationReader
{
    /// <summary>The stored activations of some hooks, side by side.</summary>
    /// <exception cref="WorkbenchException">The harvest lacks one.</exception>
    public static IActivationReader Of(Harvest harvest, JoinedHooks hooks)
    {
        StoredActivations[] readers = [.. hooks.Points.Select(point => new StoredActivations(harvest.Store(point)))];
        return readers is [var only] ? only : new JoinedActivations(readers, hooks);
    }

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
