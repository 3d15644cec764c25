using System.Text.Json;
using Workbench.SaeTrain.Recipes;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>A recipe's options for a benchmark: k where the recipe has it.</summary>
internal static class StepOptions
{
    public static Dictionary<string, JsonElement> Of(IRecipe recipe, RunSizes sizes, int k)
    {
        JsonElement defaults = recipe.Options(new Dictionary<string, JsonElement>(), sizes);
        return defaults.TryGetProperty("k", out _)
            ? new Dictionary<string, JsonElement> { ["k"] = JsonSerializer.SerializeToElement(k) }
            : [];
    }
}
