namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>Options of <c>dictionary-learning-matryoshka</c>, named as the peer names them.</summary>
internal sealed record DictionaryLearningMatryoshkaOptions : DictionaryLearningTopKOptions
{
    private const double Rounding = 1e-9;
    private const int FewLatents = 32;

    /// <summary>Share of the latents in each group; they add up to 1.</summary>
    public required IReadOnlyList<double> GroupFractions { get; init; }

    /// <summary>Weight of each group's prefix; null for one over their number.</summary>
    public IReadOnlyList<double>? GroupWeights { get; init; }

    /// <summary>What is used where nothing is said. The peer has no groups of its own; these double from a thirty-second of the latents.</summary>
    public static new DictionaryLearningMatryoshkaOptions For(RunSizes sizes)
    {
        return new DictionaryLearningMatryoshkaOptions
        {
            K = DefaultK(sizes),
            ThresholdBeta = Beta(sizes),
            ThresholdStartStep = Start(sizes),
            GroupFractions = sizes.Latents < FewLatents ? [1] : [1 / 32.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 17 / 32.0],
        };
    }

    /// <summary>Latents of each group: the share rounded down, and what is left over in the last.</summary>
    public int[] GroupSizes(int latents)
    {
        int[] sizes = [.. GroupFractions.Select(fraction => (int)(fraction * latents))];
        sizes[^1] = latents - sizes[..^1].Sum();
        return sizes;
    }

    /// <summary>End of each group's latents; the last is all of them.</summary>
    public int[] GroupEnds(int latents)
    {
        int end = 0;
        return [.. GroupSizes(latents).Select(size => end += size)];
    }

    /// <summary>Weight of each group's prefix.</summary>
    public IReadOnlyList<double> Weights()
    {
        return GroupWeights ?? [.. GroupFractions.Select(_ => 1.0 / GroupFractions.Count)];
    }

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        if (GroupFractions.Count == 0 || Math.Abs(GroupFractions.Sum() - 1) > Rounding)
        {
            throw new UsageException($"Option group_fractions adds up to {GroupFractions.Sum()}, where 1 was expected.");
        }

        if (GroupSizes(sizes.Latents).Any(size => size < 1))
        {
            throw new UsageException($"Option group_fractions gives groups of {string.Join(", ", GroupSizes(sizes.Latents))} latents, where each needs at least 1; use larger shares or more latents.");
        }

        if (Weights().Count != GroupFractions.Count || Weights().Any(weight => !(weight >= 0 && double.IsFinite(weight))))
        {
            throw new UsageException($"Option group_weights has {Weights().Count} values, where {GroupFractions.Count} numbers of at least 0 were expected, one a group.");
        }
    }
}
