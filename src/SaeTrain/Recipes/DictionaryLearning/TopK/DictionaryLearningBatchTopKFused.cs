using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The fused form of <see cref="DictionaryLearningBatchTopKObjective"/>, and what its nested form shares.</summary>
internal class DictionaryLearningBatchTopKFused(FusedContext context, BatchSelectingObjective objective) : SelectingFused(context, objective)
{
    private readonly BatchTopKSelection _selection = Selections.BatchTopK(context, objective.Options.K, scaled: false);

    public override LatentSelection Selection => _selection;

    protected override float Smallest()
    {
        return _selection.Least;
    }
}
