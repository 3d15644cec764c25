using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>The ways of computing steps, by name.</summary>
internal static class TrainingBackends
{
    public const string Auto = "auto";
    public const string Autograd = "autograd";
    public const string Fused = "fused";

    /// <summary>The backend that a run uses to its end.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="config">The configuration, but for the backend.</param>
    /// <exception cref="UsageException">The backend that was asked for cannot compute the recipe.</exception>
    public static string Resolve(string wanted, IRecipe recipe, TrainingConfig config)
    {
        return wanted == Fused
            ? throw new UsageException($"--backend fused cannot compute recipe {recipe.Name} on {config.Device}; use --backend auto.")
            : Autograd;
    }

    /// <summary>Opens the backend of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="optimizer">The optimiser of its parameters.</param>
    /// <param name="mean">Mean of the scaled targets over the data set [d_out].</param>
    public static ITrainingBackend Open(TrainingConfig config, ITrainingObjective objective, IOptimizer optimizer, Tensor mean)
    {
        return new AutogradBackend(objective, optimizer, config.ClipNorm, mean);
    }
}
