using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>
/// The loss of dictionary_learning's Matryoshka trainer: batch-wide top-k over all latents, and every prefix of the groups must
/// reconstruct with what it has of them.
/// </summary>
/// <remarks>
/// <c>l2_loss = (1 / G) Σ_g w_g L_g</c>, L_g the squared error of the reconstruction from groups 1 to g; w_g is 1 / G by default.
/// AuxK is on the error of all groups together.
/// </remarks>
internal sealed class DictionaryLearningMatryoshkaObjective : BatchSelectingObjective, IFusedObjective
{
    private readonly Tensor _ends;
    private readonly Tensor _weights;

    public DictionaryLearningMatryoshkaObjective(
        ParameterSet parameters, DictionaryLearningMatryoshkaOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
        : base(parameters, options, deadTokens, constants, matrixType)
    {
        Options = options;
        _ends = tensor(options.GroupEnds(parameters.Latents).Select(end => (long)end).ToArray(), device: parameters.Device).DetachFromDisposeScope();
        _weights = tensor(options.Weights().Select(weight => (float)weight).ToArray(), device: parameters.Device).DetachFromDisposeScope();
    }

    /// <summary>The recipe's options.</summary>
    public new DictionaryLearningMatryoshkaOptions Options { get; }

    public int? EntriesPerRow => null;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new DictionaryLearningMatryoshkaFused(context, this);
    }

    public override void Dispose()
    {
        base.Dispose();
        _ends.Dispose();
        _weights.Dispose();
    }

    protected override (Tensor Error, Tensor Reconstruction, IReadOnlyList<(string Name, Tensor Value)> Parts) Error(
        Tensor x, LatentEntries entries, Tensor latents)
    {
        long groups = _ends.shape[0];
        long rows = x.shape[0];
        Tensor group = bucketize(entries.Latents, _ends, right: true);
        Tensor targets = group.mul(rows).add_(entries.Rows);
        Tensor parts = EntryReconstruction.Of(latents, Parameters.Decoder, entries.Latents, targets, groups * rows);
        Tensor prefixes = parts.view(groups, rows, -1).cumsum(0) + Parameters.DecoderBias;
        Tensor errors = (prefixes - x).square().sum(-1).mean([1]) * _weights;
        return (errors.mean(), prefixes[groups - 1], [("min_l2_loss", errors.min().detach()), ("max_l2_loss", errors.max().detach())]);
    }
}
