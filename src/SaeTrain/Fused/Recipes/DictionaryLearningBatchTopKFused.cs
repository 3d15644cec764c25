using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

namespace Workbench.SaeTrain.Fused.Recipes;

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
