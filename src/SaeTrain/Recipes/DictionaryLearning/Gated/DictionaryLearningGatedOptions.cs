namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>Options of <c>dictionary-learning-gated</c>, named as the peer names them.</summary>
internal sealed record DictionaryLearningGatedOptions : IDictionaryLearningOptions
{
    /// <summary>Weight of the L1 penalty on the gate.</summary>
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
