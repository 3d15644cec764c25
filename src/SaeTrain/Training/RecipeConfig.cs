using System.Text.Json;
using Workbench.SaeTrain.Recipes;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>Configurations of recipes on rows that come from no harvest: those of benchmarks and comparisons.</summary>
internal static class RecipeConfig
{
    /// <summary>A recipe with its defaults, on the CPU in float32, whose latents do not die.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="options">Options that differ from the recipe's defaults, by the peer's names.</param>
    public static TrainingConfig Of(IRecipe recipe, RunSizes sizes, IReadOnlyDictionary<string, JsonElement> options)
    {
        RecipeDefaults defaults = recipe.Defaults(sizes);
        return new TrainingConfig
        {
            Recipe = recipe.Name,
            Architecture = recipe.Architecture,
            Peer = recipe.Peer,
            PeerVersion = recipe.PeerVersion,
            Harvest = "none",
            Hooks = ["none"],
            HookWidths = [sizes.InputWidth],
            Width = sizes.InputWidth,
            OutputWidth = sizes.OutputWidth,
            Latents = sizes.Latents,
            Seed = 0,
            Batch = sizes.Batch,
            Epochs = 1,
            Steps = sizes.Steps,
            LearningRate = defaults.LearningRate,
            WarmUpSteps = defaults.WarmUpSteps,
            DecaySteps = defaults.DecaySteps,
            Beta1 = defaults.Beta1,
            Beta2 = defaults.Beta2,
            Epsilon = defaults.Epsilon,
            ClipNorm = defaults.ClipNorm,
            DeadTokens = sizes.Steps * sizes.Batch,
            Options = recipe.Options(options, sizes),
            Precision = "float32",
            Threads = get_num_threads(),
            Device = "cpu",
        };
    }
}
