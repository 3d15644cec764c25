using Workbench.Dictionaries;
using Workbench.Features;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The activations of several hooks side by side, each from a reader of its own.</summary>
/// <param name="readers">One a hook; disposed with this object.</param>
/// <param name="hooks">The hooks.</param>
internal sealed class JoinedActivations(IReadOnlyList<IActivationReader> readers, JoinedHooks hooks) : IActivationReader
{
    private readonly Tensor?[] _buffers = new Tensor?[readers.Count];

    public ActivationSource Source => readers[0].Source;

    public string NumberType => string.Join(" + ", readers.Select(reader => reader.NumberType).Distinct());

    public int Width => hooks.Width;

    public void Read(SequenceBlock block, Tensor destination, CancellationToken cancellation)
    {
        for (int hook = 0; hook < readers.Count; hook++)
        {
            using Tensor rows = Buffer(hook, block.Rows).narrow(0, 0, block.Rows);
            readers[hook].Read(block, rows, cancellation);
            using Tensor place = hooks.Part(destination, hook);
            place.copy_(rows);
        }
    }

    public void Dispose()
    {
        foreach (Tensor? buffer in _buffers)
        {
            buffer?.Dispose();
        }

        foreach (IActivationReader reader in readers)
        {
            reader.Dispose();
        }
    }

    private Tensor Buffer(int hook, int rows)
    {
        if (_buffers[hook] is { } held && held.shape[0] >= rows)
        {
            return held;
        }

        _buffers[hook]?.Dispose();
        return _buffers[hook] = empty(rows, hooks.Widths[hook]).DetachFromDisposeScope();
    }
}
