namespace Workbench.SaeTrain.Recipes;

/// <summary>The recipes of this program: every <see cref="IRecipe"/> of the assembly.</summary>
internal static class RecipeRegistry
{
    public static IReadOnlyList<IRecipe> All { get; } =
    [
        .. typeof(IRecipe).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IRecipe)))
            .Select(type => (IRecipe)Activator.CreateInstance(type)!)
            .OrderBy(recipe => recipe.Name, StringComparer.Ordinal),
    ];

    /// <summary>Whose recipe an architecture alone means, the first that has one.</summary>
    private static readonly string[] s_families = ["openai-", "saelens-", "dictionary-learning-"];

    /// <summary>Finds a recipe by its name, or the preferred one of an architecture where no name is given.</summary>
    /// <exception cref="UsageException">There is none, or the recipe trains another architecture.</exception>
    public static IRecipe Find(string? name, string? architecture)
    {
        if (name is null && architecture is null)
        {
            throw new UsageException($"Give --recipe ({Names()}) or --architecture.");
        }

        IRecipe? recipe = name is null ? Preferred(architecture!) : All.FirstOrDefault(r => r.Name == name);
        if (recipe is null)
        {
            throw new UsageException(name is null
                ? $"--architecture '{architecture}' is not known; expected {string.Join(", ", All.Select(r => r.Architecture).Distinct())}."
                : $"--recipe '{name}' is not known; expected {Names()}.");
        }

        return architecture is null || recipe.Architecture == architecture
            ? recipe
            : throw new UsageException($"--recipe {recipe.Name} trains architecture {recipe.Architecture}, not '{architecture}'; leave one of the two out.");
    }

    private static IRecipe? Preferred(string architecture)
    {
        IEnumerable<IRecipe> recipes = All.Where(recipe => recipe.Architecture == architecture);
        return s_families
            .Select(family => recipes.FirstOrDefault(recipe => recipe.Name.StartsWith(family, StringComparison.Ordinal)))
            .FirstOrDefault(recipe => recipe is not null)
            ?? recipes.FirstOrDefault();
    }

    private static string Names()
    {
        return string.Join(", ", All.Select(recipe => recipe.Name));
    }
}
