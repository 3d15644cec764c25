using Workbench.SaeTrain.Recipes.SaeLens.TopK;

namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>Options of <c>saelens-matryoshka</c>, named as SAELens names them; the last two are this program's own.</summary>
internal sealed record SaeLensMatryoshkaOptions : SaeLensBatchTopKOptions
{
    /// <summary>Value of <see cref="PrefixWeights"/> for weight 1 of every prefix.</summary>
    public const string Equal = "equal";

    /// <summary>Value of <see cref="PrefixWeights"/> for one over the number of prefixes.</summary>
    public const string Mean = "1/G";

    /// <summary>Latents of each prefix that reconstructs by itself, ascending, the last all of them.</summary>
    public required IReadOnlyList<int> MatryoshkaWidths { get; init; }

    /// <summary>Whether each prefix has an AuxK of its own, by the dead latents that it adds to the one before.</summary>
    public bool UseMatryoshkaAuxLoss { get; init; }

    /// <summary>
    /// Prefixes a step, all latents included, whose lengths are drawn anew for each step in place of
    /// <see cref="MatryoshkaWidths"/> (Nabeshima 2024); null for fixed ones.
    /// </summary>
    public int? RandomPrefixes { get; init; }

    /// <summary>Weight of each prefix's error: <c>equal</c> for 1, as SAELens has it, or <c>1/G</c> for the mean over prefixes.</summary>
    public string PrefixWeights { get; init; } = Equal;

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        bool ascending = MatryoshkaWidths.Zip(MatryoshkaWidths.Skip(1)).All(pair => pair.First < pair.Second);
        if (MatryoshkaWidths.Count == 0 || !ascending || MatryoshkaWidths[0] < 1 || MatryoshkaWidths[^1] != sizes.Latents)
        {
            throw new UsageException(
                $"Option matryoshka_widths is [{string.Join(", ", MatryoshkaWidths)}], where ascending numbers of latents were expected that end with all {sizes.Latents}.");
        }

        RecipeChecks.Within("random_prefixes", RandomPrefixes ?? 1, 1, sizes.Latents);
        if (PrefixWeights is not (Equal or Mean))
        {
            throw new UsageException($"Option prefix_weights is '{PrefixWeights}', where {Equal} or {Mean} was expected.");
        }
    }
}
