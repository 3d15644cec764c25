namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>Options of <c>dictionary-learning-topk</c> and <c>-batchtopk</c>, named as the peer names them.</summary>
internal record DictionaryLearningTopKOptions : IDictionaryLearningOptions
{
    private const double PeerBeta = 0.999;
    private const double AveragedShare = 20;
    private const long PeerStart = 1000;

    /// <summary>Latents kept: in each row, or on average where the choice is batch-wide.</summary>
    public required int K { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public double AuxkAlpha { get; init; } = 1 / 32.0;

    /// <summary>Weight of what was in the running threshold.</summary>
    public required double ThresholdBeta { get; init; }

    /// <summary>The last step that leaves the running threshold unset.</summary>
    public required long ThresholdStartStep { get; init; }

    public bool NormalizeActivations { get; init; }

    /// <summary>What is used where nothing is said.</summary>
    public static DictionaryLearningTopKOptions For(RunSizes sizes)
    {
        return new DictionaryLearningTopKOptions { K = DefaultK(sizes), ThresholdBeta = Beta(sizes), ThresholdStartStep = Start(sizes) };
    }

    public virtual void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("k", K, 1, sizes.Latents);
        RecipeChecks.NotNegative("auxk_alpha", AuxkAlpha);
        RecipeChecks.Within("threshold_beta", ThresholdBeta, 0, 1);
        RecipeChecks.NotNegative("threshold_start_step", ThresholdStartStep);
    }

    protected static int DefaultK(RunSizes sizes)
    {
        return Math.Min(32, sizes.Latents);
    }

    /// <summary>The peer's 0.999 averages over about 1,000 steps; shorter runs average over a twentieth of theirs.</summary>
    protected static double Beta(RunSizes sizes)
    {
        return Math.Clamp(1 - (AveragedShare / sizes.Steps), 0, PeerBeta);
    }

    /// <summary>The peer's 1,000 steps without a threshold, or half of a shorter run.</summary>
    protected static long Start(RunSizes sizes)
    {
        return Math.Min(PeerStart, sizes.Steps / 2);
    }
}
