using Workbench.Dictionaries;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>FVU at each hook of a dictionary of several, in their order: each with the mean of its own activations over all counted tokens.</summary>
internal sealed class HookUnexplainedVariance(JoinedHooks hooks) : ICoreMetric
{
    private readonly UnexplainedShare[] _shares = [.. hooks.Points.Select(_ => new UnexplainedShare())];

    public object Value => _shares.Select(share => share.Value).ToList();

    /// <summary>The values by the hooks' names.</summary>
    public IReadOnlyDictionary<string, double> Named()
    {
        return hooks.Points.Zip(_shares).ToDictionary(pair => pair.First.Name, pair => pair.Second.Value);
    }

    public void Add(CoreBatch batch)
    {
        using var scope = NewDisposeScope();
        for (int hook = 0; hook < hooks.Count; hook++)
        {
            var input = hooks.Part(batch.Input, hook);
            double errors = hooks.Part(batch.Error, hook).square().sum().item<double>();
            _shares[hook].Add(errors, input.square().sum().item<double>(), CoreBatch.Values(input.sum([0])), batch.Rows);
        }
    }
}
