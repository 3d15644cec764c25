using Workbench.Activations;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Settings;

namespace Workbench.SaeTrain.Training;

/// <summary>The hooks of a run, and the sizes that follow.</summary>
/// <param name="Inputs">Hooks that are encoded.</param>
/// <param name="Widths">Their features, in the same order.</param>
/// <param name="Output">The hook that is reconstructed, where it is another.</param>
/// <param name="InputWidth">Features of an encoded row.</param>
/// <param name="OutputWidth">Features of a reconstructed row.</param>
/// <param name="Rows">Rows of an epoch.</param>
internal sealed record HookChoice(IReadOnlyList<string> Inputs, IReadOnlyList<int> Widths, string? Output, int InputWidth, int OutputWidth, long Rows)
{
    /// <summary>Finds the hooks that were named, or that are the only ones.</summary>
    /// <exception cref="UsageException">The choice is open, or does not fit the recipe.</exception>
    /// <exception cref="WorkbenchException">The harvest lacks a hook.</exception>
    public static HookChoice Of(TrainingSettings settings, HarvestInfo harvest, IRecipe recipe)
    {
        IReadOnlyList<string> named = settings.Has(nameof(TrainingConfig.Hooks)) ? settings.Get<IReadOnlyList<string>>(nameof(TrainingConfig.Hooks)) : [];
        string? output = settings.Text(nameof(TrainingConfig.HookOut));
        HarvestHook[] inputs = named.Count > 0
            ? [.. named.Select(name => Find(harvest, name))]
            : [.. Unnamed(harvest, recipe)];
        if (recipe.Arrangement is HookArrangement.Single or HookArrangement.Pair && inputs.Length != 1)
        {
            throw new UsageException($"Recipe {recipe.Name} encodes one hook, and --hook names {inputs.Length}.");
        }

        if (output is not null != (recipe.Arrangement == HookArrangement.Pair))
        {
            throw new UsageException(recipe.Arrangement == HookArrangement.Pair
                ? $"Recipe {recipe.Name} trains a transcoder; give --hook-out, the hook that is reconstructed: one of {Names(harvest)}."
                : $"Recipe {recipe.Name} reconstructs what it encodes; leave --hook-out out, or choose a transcoder recipe.");
        }

        int width = recipe.Arrangement == HookArrangement.Concatenated ? inputs.Sum(hook => hook.Width) : inputs[0].Width;
        if (recipe.Arrangement == HookArrangement.Pooled && inputs.Any(hook => hook.Width != width))
        {
            throw new UsageException($"Recipe {recipe.Name} pools hooks of one width, and those named have {string.Join(", ", inputs.Select(hook => hook.Width))} features.");
        }

        long rows = recipe.Arrangement == HookArrangement.Pooled ? harvest.Rows * inputs.Length : harvest.Rows;
        int outputWidth = output is null ? width : Find(harvest, output).Width;
        return new HookChoice([.. inputs.Select(hook => hook.Name)], [.. inputs.Select(hook => hook.Width)], output, width, outputWidth, rows);
    }

    private static IReadOnlyList<HarvestHook> Unnamed(HarvestInfo harvest, IRecipe recipe)
    {
        return recipe.Arrangement is HookArrangement.Concatenated or HookArrangement.Pooled || harvest.Hooks.Count == 1
            ? harvest.Hooks
            : throw new UsageException($"Harvest {harvest.Id} holds several hooks; give --hook, one of {Names(harvest)}.");
    }

    private static HarvestHook Find(HarvestInfo harvest, string name)
    {
        return harvest.Hooks.FirstOrDefault(hook => hook.Name == name)
            ?? throw new WorkbenchException($"Harvest {harvest.Id} holds no hook '{name}'; it holds {Names(harvest)}.");
    }

    private static string Names(HarvestInfo harvest)
    {
        return string.Join(", ", harvest.Hooks.Select(hook => hook.Name));
    }
}
