using Workbench.Activations;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Data;

/// <summary>
/// Rows of several hooks of one width, to be reconstructed from themselves. Each batch holds the same tokens at every hook: first
/// their rows of the first hook, then those of the second, and so on.
/// </summary>
/// <param name="harvest">The harvest.</param>
/// <param name="hooks">Its hooks.</param>
/// <param name="batch">Rows a batch, of all hooks together.</param>
/// <param name="seed">Seed of the order.</param>
/// <exception cref="UsageException">The batch cannot be shared out evenly.</exception>
internal sealed class PooledHooksData(Harvest harvest, IReadOnlyList<string> hooks, int batch, long seed)
    : HookData(harvest.Store(hooks[0]), Shared(batch, hooks.Count), seed)
{
    private readonly ActivationStore[] _stores = [.. hooks.Select(harvest.Store)];

    public override int InputWidth => _stores[0].Width;

    public override int OutputWidth => InputWidth;

    protected override int RowsPerToken => _stores.Length;

    public override Tensor Mean()
    {
        using var scope = NewDisposeScope();
        Tensor[] means = [.. hooks.Select(hook => tensor(harvest.Statistics(hook).Mean.ToArray()))];
        return stack(means).mean([0]).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    protected override TrainingBatch Empty(int tokens)
    {
        return new TrainingBatch(empty(tokens * _stores.Length, InputWidth));
    }

    protected override void Fill(ReadOnlySpan<long> tokens, TrainingBatch batch)
    {
        long first = 0;
        foreach (ActivationStore store in _stores)
        {
            using Tensor place = batch.Input.narrow(0, first, tokens.Length);
            store.Gather(tokens, place);
            first += tokens.Length;
        }
    }

    private static int Shared(int batch, int hooks)
    {
        return batch % hooks == 0
            ? batch / hooks
            : throw new UsageException($"--batch is {batch}, where a multiple of the {hooks} hooks was expected: each batch holds the same tokens at every hook.");
    }
}
