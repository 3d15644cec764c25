using Workbench.SaeTrain.Fused.Recipes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Fused;

/// <summary>Which objectives have a fused form.</summary>
internal static class FusedRecipes
{
    /// <summary>Why an objective has no fused form, or null where it has one.</summary>
    public static string? Refusal(ITrainingObjective objective, IOptimizer optimizer)
    {
        if (optimizer is not AdamOptimizer)
        {
            return $"optimiser {optimizer.GetType().Name}";
        }

        ParameterSet parameters = objective.Parameters;
        if (parameters.Device.type != TorchSharp.DeviceType.CPU)
        {
            return $"device {parameters.Device}";
        }

        return objective is OpenAiTopKObjective or SaeLensTopKObjective or SaeLensBatchTopKObjective or SaeLensJumpReluObjective
            ? null
            : $"objective {objective.GetType().Name.Replace("Objective", string.Empty, StringComparison.Ordinal)}";
    }

    /// <summary>The fused form of an objective that is not refused.</summary>
    public static FusedRecipe Of(ITrainingObjective objective, FusedContext context)
    {
        return objective switch
        {
            OpenAiTopKObjective openAi => new OpenAiTopKFused(context, openAi),
            SaeLensTopKObjective saeLens => new SaeLensTopKFused(context, saeLens),
            SaeLensMatryoshkaObjective matryoshka => new SaeLensMatryoshkaFused(context, matryoshka),
            SaeLensBatchTopKObjective batchTopK => new SaeLensBatchTopKFused(context, batchTopK),
            SaeLensJumpReluObjective jumpRelu => new SaeLensJumpReluFused(context, jumpRelu),
            _ => throw new ArgumentException($"There is no fused form of {objective.GetType().Name}.", nameof(objective)),
        };
    }
}
