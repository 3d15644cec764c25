using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;

namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>The fused form of <see cref="SaeLensMatryoshkaObjective"/>.</summary>
internal sealed class SaeLensMatryoshkaFused(FusedContext context, SaeLensMatryoshkaObjective objective) : SaeLensBatchTopKFused(context, objective)
{
    private readonly SaeLensMatryoshkaObjective _objective = objective;
    private ReconstructionPlan? _plan;

    public override ReconstructionPlan Reconstruction => _plan!;

    public override void Begin(TrainingBatch batch, long step)
    {
        base.Begin(batch, step);
        IReadOnlyList<int> prefixes = _objective.Prefixes.At(step);
        double weight = _objective.Options.PrefixWeights == SaeLensMatryoshkaOptions.Mean ? 1.0 / prefixes.Count : 1;
        _plan = new ReconstructionPlan(prefixes, [.. prefixes.Select(_ => weight)], 1);
    }

    protected override FusedLosses Losses(int rows, DecodePass decoded)
    {
        IReadOnlyList<int> prefixes = Reconstruction.Prefixes;
        double[] errors = [.. decoded.Squares.Select((squares, level) => Reconstruction.Weights[level] * squares / rows)];
        double auxiliary = _objective.Options.UseMatryoshkaAuxLoss ? Auxiliary.Levels(decoded, prefixes) : Auxiliary.Whole(decoded);
        var terms = new Dictionary<string, double> { ["mse_loss"] = errors[^1], ["auxiliary_reconstruction_loss"] = auxiliary };
        for (int level = 0; level < prefixes.Count - 1; level++)
        {
            string name = _objective.Prefixes.LossName(prefixes[level]);
            terms[name] = terms.GetValueOrDefault(name) + errors[level];
        }

        return new FusedLosses(errors.Sum() + auxiliary, terms, Context.Extra.Latents.Length);
    }
}
