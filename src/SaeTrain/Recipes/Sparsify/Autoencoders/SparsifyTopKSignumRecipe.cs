using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>sparsify's top-k autoencoder with the optimiser that is its default, schedule-free sign descent.</summary>
internal sealed class SparsifyTopKSignumRecipe : SparsifyAutoencoderRecipe
{
    public override string Name => "sparsify-topk-signum";

    public override RecipeDefaults Defaults(RunSizes sizes)
    {
        return SparsifySignum.Defaults(sizes);
    }

    public override IOptimizer Optimizer(TrainingConfig config, ParameterSet parameters)
    {
        return SparsifySignum.Optimizer(config, parameters);
    }
}
