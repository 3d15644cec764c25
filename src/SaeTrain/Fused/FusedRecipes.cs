using Workbench.SaeTrain.Fused.Recipes;
using Workbench.SaeTrain.Fused.Screening;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.OpenAi;
using Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;
using Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;
using Workbench.SaeTrain.Training;

namespace Workbench.SaeTrain.Fused;

/// <summary>Which objectives have a fused form.</summary>
internal static class FusedRecipes
{
    private const int LeastLatentsPerEntry = 8;

    /// <summary>By the exact type: what derives from an objective may change what the fused form takes for granted.</summary>
    private static readonly Dictionary<Type, Func<FusedContext, ITrainingObjective, FusedRecipe>> s_forms = new()
    {
        [typeof(OpenAiTopKObjective)] = (context, objective) => new OpenAiTopKFused(context, (OpenAiTopKObjective)objective),
        [typeof(SaeLensTopKObjective)] = (context, objective) => new SaeLensTopKFused(context, (SaeLensTopKObjective)objective),
        [typeof(SaeLensBatchTopKObjective)] = (context, objective) => new SaeLensBatchTopKFused(context, (SaeLensBatchTopKObjective)objective),
        [typeof(SaeLensMatryoshkaObjective)] = (context, objective) => new SaeLensMatryoshkaFused(context, (SaeLensMatryoshkaObjective)objective),
        [typeof(SaeLensJumpReluObjective)] = (context, objective) => new SaeLensJumpReluFused(context, (SaeLensJumpReluObjective)objective),
    };

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

        return s_forms.ContainsKey(objective.GetType())
            ? null
            : $"objective {objective.GetType().Name.Replace("Objective", string.Empty, StringComparison.Ordinal)}";
    }

    /// <summary>
    /// Whether an int8 product can propose an objective's entries: it chooses a fixed number in each row, which is small, so that none
    /// of them is near zero, where rounding decides over its sign.
    /// </summary>
    public static bool CanScreen(ITrainingObjective objective)
    {
        int? k = objective.GetType() == typeof(OpenAiTopKObjective) ? ((OpenAiTopKObjective)objective).Options.K
            : objective.GetType() == typeof(SaeLensTopKObjective) ? ((SaeLensTopKObjective)objective).Options.K
            : null;
        return IntegerProduct.IsAvailable && k <= objective.Parameters.Latents / LeastLatentsPerEntry;
    }

    /// <summary>The fused form of an objective that is not refused.</summary>
    public static FusedRecipe Of(ITrainingObjective objective, FusedContext context)
    {
        return s_forms[objective.GetType()](context, objective);
    }
}
