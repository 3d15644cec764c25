using Workbench.Activations;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Data;

/// <summary>Opens a harvest's rows in the arrangement that a recipe wants.</summary>
internal static class TrainingDataSources
{
    /// <summary>Opens the rows of a configuration.</summary>
    /// <exception cref="WorkbenchException">The harvest cannot be read, or the batch not be shared out over its hooks.</exception>
    public static ITrainingData Open(Harvest harvest, TrainingConfig config, HookArrangement arrangement)
    {
        return arrangement switch
        {
            HookArrangement.Single => new SingleHookData(harvest, config.Hook, config.Batch, config.OrderSeed),
            HookArrangement.Pair => new PairedHookData(harvest, config.Hook, config.HookOut!, config.Batch, config.OrderSeed),
            HookArrangement.Concatenated => new ConcatenatedHooksData(harvest, config.Hooks, config.Batch, config.OrderSeed),
            HookArrangement.Pooled => new PooledHooksData(harvest, config.Hooks, config.Batch, config.OrderSeed),
            _ => throw new ArgumentOutOfRangeException(nameof(arrangement), arrangement, null),
        };
    }
}
