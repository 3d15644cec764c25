namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>Options of <c>dictionary-learning-standard</c>, named as the peer names them.</summary>
internal sealed record DictionaryLearningStandardOptions : IDictionaryLearningOptions
{
    /// <summary>Weight of the L1 penalty.</summary>
    public required double L1Penalty { get; init; }

    /// <summary>Steps over which the penalty rises from zero.</summary>
    public required long SparsityWarmupSteps { get; init; }

    /// <summary>
    /// Steps between resamplings of silent latents, at which the learning rate's warm-up begins anew; null for none.
    /// </summary>
    public long? ResampleSteps { get; init; }

    public bool NormalizeActivations { get; init; } = true;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.NotNegative("l1_penalty", L1Penalty);
        RecipeChecks.NotNegative("sparsity_warmup_steps", SparsityWarmupSteps);
        if (ResampleSteps is long period)
        {
            RecipeChecks.Within("resample_steps", period, 1, long.MaxValue);
        }
    }
}
