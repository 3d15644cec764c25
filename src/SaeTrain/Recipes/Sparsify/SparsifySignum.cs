using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>sparsify's own choice of optimiser, schedule-free sign descent; its momentum is the configuration's first beta.</summary>
internal static class SparsifySignum
{
    private const double Momentum = 0.95;

    /// <summary>A constant rate; the optimiser averages in place of a decay.</summary>
    public static RecipeDefaults Defaults(RunSizes sizes)
    {
        return new RecipeDefaults
        {
            LearningRate = RecipeDefaults.RateFor(1e-3, sizes.Latents),
            WarmUpSteps = 0,
            DecaySteps = 0,
            Beta1 = Momentum,
        };
    }

    public static IOptimizer Optimizer(TrainingConfig config, ParameterSet parameters)
    {
        return new ScheduleFreeSign(parameters, config.Beta1);
    }
}
