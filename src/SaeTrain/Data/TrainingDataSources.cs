using Workbench.Activations;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Data;

/// <summary>Opens a harvest's rows in the arrangement that a recipe wants.</summary>
internal static class TrainingDataSources
{
    /// <summary>Opens the rows of a configuration.</summary>
    /// <exception cref="WorkbenchException">The harvest cannot be read.</exception>
    public static ITrainingData Open(Harvest harvest, TrainingConfig config, HookArrangement arrangement)
    {
        return arrangement switch
        {
            HookArrangement.Single => new SingleHookData(harvest, config.Hook, config.Batch, config.OrderSeed),
            HookArrangement.Pair => new PairedHookData(harvest, config.Hook, config.HookOut!, config.Batch, config.OrderSeed),
            _ => throw new WorkbenchException($"Recipe {config.Recipe} needs its hooks {arrangement}, which harvest {config.Harvest} cannot give."),
        };
    }
}
