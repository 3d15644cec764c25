using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>Rows of one hook, and the same tokens' rows of another that are to be reconstructed from them.</summary>
internal sealed class PairedHookData(Harvest harvest, string input, string output, int batch, long seed)
    : HookData(harvest.Store(input), batch, seed)
{
    private readonly ActivationStore _inputs = harvest.Store(input);
    private readonly ActivationStore _outputs = harvest.Store(output);

    public override int InputWidth => _inputs.Width;

    public override int OutputWidth => _outputs.Width;

    public override Tensor Mean()
    {
        return tensor(harvest.Statistics(output).Mean.Select(value => (float)value).ToArray());
    }

    protected override TrainingBatch Empty(int tokens)
    {
        return new TrainingBatch(empty(tokens, _inputs.Width), empty(tokens, _outputs.Width));
    }

    protected override void Fill(ReadOnlySpan<long> tokens, TrainingBatch batch)
    {
        _inputs.Gather(tokens, batch.Input);
        _outputs.Gather(tokens, batch.Target);
    }
}
