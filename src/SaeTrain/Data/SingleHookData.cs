using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows of one hook, to be reconstructed from themselves.</summary>
internal sealed class SingleHookData(Harvest harvest, string hook, int batch, long seed) : HookData(harvest.Store(hook), batch, seed)
{
    private readonly ActivationStore _store = harvest.Store(hook);

    public override int InputWidth => _store.Width;

    public override int OutputWidth => _store.Width;

    public override Tensor Mean()
    {
        return tensor(harvest.Statistics(hook).Mean.Select(value => (float)value).ToArray());
    }

    protected override TrainingBatch Empty(int tokens)
    {
        return new TrainingBatch(empty(tokens, _store.Width));
    }

    protected override void Fill(ReadOnlySpan<long> tokens, TrainingBatch batch)
    {
        _store.Gather(tokens, batch.Input);
    }
}
