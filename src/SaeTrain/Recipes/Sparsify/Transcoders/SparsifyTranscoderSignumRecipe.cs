using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>sparsify's top-k transcoder with the optimiser that is its default, schedule-free sign descent.</summary>
internal sealed class SparsifyTranscoderSignumRecipe : SparsifyTranscoderBaseRecipe
{
    public override string Name => "sparsify-transcoder-signum";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return SparsifySignum.Defaults(sizes);
    }

    public override IOptimizer Optimizer(TrainingConfig config, ParameterSet parameters)
    {
        return SparsifySignum.Optimizer(config, parameters);
    }
}
