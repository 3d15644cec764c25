namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>Options of <c>dictionary-learning-standard-april</c>, named as the peer names them.</summary>
internal sealed record DictionaryLearningAprilOptions : IDictionaryLearningOptions
{
    /// <summary>Weight of the L1 penalty on latents times decoder norms.</summary>
    public required double L1Penalty { get; init; }

    /// <summary>Steps over which the penalty rises from zero.</summary>
    public required long SparsityWarmupSteps { get; init; }

    public bool NormalizeActivations { get; init; } = true;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.NotNegative("l1_penalty", L1Penalty);
        RecipeChecks.NotNegative("sparsity_warmup_steps", SparsityWarmupSteps);
    }
}
