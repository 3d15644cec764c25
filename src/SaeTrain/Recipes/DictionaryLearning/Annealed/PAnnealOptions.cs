namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>Options of <c>dictionary-learning-panneal</c> and <c>dictionary-learning-gated-anneal</c>, named as the peer names them.</summary>
internal sealed record PAnnealOptions : IDictionaryLearningOptions
{
    /// <summary>The penalty.</summary>
    public SparsityFunction SparsityFunction { get; init; } = SparsityFunction.LpToTheP;

    /// <summary>Weight of the penalty before the first change.</summary>
    public required double InitialSparsityPenalty { get; init; }

    /// <summary>Step of the first change of p.</summary>
    public required long AnnealStart { get; init; }

    /// <summary>p at the start.</summary>
    public double PStart { get; init; } = 1;

    /// <summary>p at the end of the run.</summary>
    public required double PEnd { get; init; }

    /// <summary>Changes of p.</summary>
    public int NSparsityUpdates { get; init; } = 10;

    /// <summary>Batches whose penalties decide the change of the coefficient.</summary>
    public int SparsityQueueLength { get; init; } = 10;

    /// <summary>Steps over which the penalty rises from zero.</summary>
    public required long SparsityWarmupSteps { get; init; }

    public bool NormalizeActivations { get; init; } = true;

    /// <summary>
    /// What is used where nothing is said. The first change is at 15,000 in the peer, at a quarter of the run here where that comes first.
    /// </summary>
    public static PAnnealOptions For(RunSizes sizes)
    {
        return new PAnnealOptions
        {
            InitialSparsityPenalty = 0.1,
            AnnealStart = Math.Min(15_000, sizes.Steps / 4),
            PEnd = 0.2,
            SparsityWarmupSteps = Math.Min(2000, sizes.Steps / 10),
        };
    }

    /// <summary>p of every step.</summary>
    public PowerSchedule Schedule(long steps)
    {
        return new PowerSchedule(AnnealStart, steps, NSparsityUpdates, PStart, PEnd);
    }

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.NotNegative("initial_sparsity_penalty", InitialSparsityPenalty);
        RecipeChecks.Within("anneal_start", AnnealStart, 0, sizes.Steps);
        RecipeChecks.Within("p_start", PStart, 0, 2);
        RecipeChecks.Within("p_end", PEnd, 0, PStart);
        RecipeChecks.Within("n_sparsity_updates", NSparsityUpdates, 1, int.MaxValue);
        RecipeChecks.Within("sparsity_queue_length", SparsityQueueLength, 1, int.MaxValue);
        RecipeChecks.NotNegative("sparsity_warmup_steps", SparsityWarmupSteps);
        if (SparsityFunction == SparsityFunction.Lp && PEnd == 0)
        {
            throw new UsageException("--p-end is 0, which the penalty Lp = (Σ z^p)^(1/p) cannot take; give a p_end above 0, or sparsity_function=Lp^p.");
        }
    }
}
