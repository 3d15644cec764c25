using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The fused form of <see cref="DictionaryLearningTopKObjective"/>.</summary>
internal sealed unsafe class DictionaryLearningTopKFused(FusedContext context, DictionaryLearningTopKObjective objective)
    : SelectingFused(context, objective)
{
    public override LatentSelection Selection { get; } = Selections.TopK(context, objective.Options.K, scaled: false);

    /// <summary>The mean, over rows that kept any, of each row's smallest.</summary>
    protected override float Smallest()
    {
        (double sum, int rows) = (0, 0);
        for (int row = 0; row < Context.Entries.Rows; row++)
        {
            RowSlice entries = Context.Entries.Row(row);
            float smallest = float.PositiveInfinity;
            for (int entry = 0; entry < entries.Count; entry++)
            {
                smallest = MathF.Min(smallest, entries.Values[entry]);
            }

            if (entries.Count > 0)
            {
                (sum, rows) = (sum + smallest, rows + 1);
            }
        }

        return (float)(sum / Math.Max(1, rows));
    }
}
