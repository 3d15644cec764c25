namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>Options of <c>dictionary-learning-topk</c> and <c>-batchtopk</c>, named as the peer names them.</summary>
internal record DictionaryLearningTopKOptions : IDictionaryLearningOptions
{
    /// <summary>Latents kept: in each row, or on average where the choice is batch-wide.</summary>
    public required int K { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxkAlpha { get; init; } = 1 / 32.0;

    /// <summary>Weight of what was in the running threshold.</summary>
    public required double ThresholdBeta { get; init; }

    /// <summary>The last step that leaves the running threshold unset.</summary>
    public required long ThresholdStartStep { get; init; }

    public bool NormalizeActivations { get; init; }

    public virtual void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.NotNegative("auxk_alpha", AuxkAlpha);
        RecipeChecks.Within("threshold_beta", ThresholdBeta, 0, 1);
        RecipeChecks.NotNegative("threshold_start_step", ThresholdStartStep);
    }
}
