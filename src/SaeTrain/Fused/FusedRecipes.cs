using TorchSharp;
using Workbench.SaeTrain.Fused.Screening;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Fused;

/// <summary>Which objectives can be trained by <see cref="FusedBackend"/>, and how.</summary>
internal static class FusedRecipes
{
    private const int LeastLatentsPerEntry = 8;

    /// <summary>Why an objective has no fused form, or null where it has one.</summary>
    public static string? Refusal(ITrainingObjective objective, IOptimizer optimizer)
    {
        if (optimizer is not AdamOptimizer)
        {
            return $"optimiser {optimizer.GetType().Name}";
        }

        if (objective.Parameters.Device.type != DeviceType.CPU)
        {
            return $"device {objective.Parameters.Device}";
        }

        return objective is IFusedObjective
            ? null
            : $"objective {objective.GetType().Name.Replace("Objective", string.Empty, StringComparison.Ordinal)}";
    }

    /// <summary>
    /// Whether an int8 product can propose an objective's entries: it chooses a fixed number in each row, which is small, so that none
    /// of them is near zero, where rounding decides over its sign.
    /// </summary>
    public static bool CanScreen(ITrainingObjective objective)
    {
        return IntegerProduct.IsAvailable
            && objective is IFusedObjective { EntriesPerRow: int entries }
            && entries <= objective.Parameters.Latents / LeastLatentsPerEntry;
    }
}
