using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows that hold the same token's activations of several hooks side by side, to be reconstructed from themselves.</summary>
internal sealed class ConcatenatedHooksData(Harvest harvest, IReadOnlyList<string> hooks, int batch, long seed)
    : HookData(harvest.Store(hooks[0]), batch, seed)
{
    private readonly ActivationStore[] _stores = [.. hooks.Select(harvest.Store)];
    private Tensor[] _parts = [];

    public override int InputWidth => _stores.Sum(store => store.Width);

    public override int OutputWidth => InputWidth;

    public override Tensor Mean()
    {
        return tensor(hooks.SelectMany(hook => harvest.Statistics(hook).Mean).Select(value => (float)value).ToArray());
    }

    public override void Dispose()
    {
        base.Dispose();
        Array.ForEach(_parts, part => part.Dispose());
    }

    protected override TrainingBatch Empty(int tokens)
    {
        return new TrainingBatch(empty(tokens, InputWidth));
    }

    protected override void Fill(ReadOnlySpan<long> tokens, TrainingBatch batch)
    {
        Require(tokens.Length);
        long first = 0;
        for (int hook = 0; hook < _parts.Length; hook++)
        {
            _stores[hook].Gather(tokens, _parts[hook]);
            using Tensor place = batch.Input.narrow(1, first, _stores[hook].Width);
            place.copy_(_parts[hook]);
            first += _stores[hook].Width;
        }
    }

    /// <summary>Makes room for the rows of each hook, which lie one after the other where they are gathered.</summary>
    private void Require(int tokens)
    {
        if (_parts.Length == 0 || _parts[0].shape[0] != tokens)
        {
            Array.ForEach(_parts, part => part.Dispose());
            _parts = [.. _stores.Select(store => empty(tokens, store.Width).DetachFromDisposeScope())];
        }
    }
}
