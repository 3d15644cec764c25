
namespace Workbench.SaeTrain.Recipes.DictionaryLearning.JumpRelu;

/// <summary>Options of <c>dictionary-learning-jumprelu</c>, named as the peer names them.</summary>
internal sealed record DictionaryLearningJumpReluOptions : IDictionaryLearningOptions
{
    /// <summary>Width of the kernel that passes gradients to thresholds.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Weight of the squared distance from the target.</summary>
    public double SparsityPenalty { get; init; } = 1;

    /// <summary>Steps over which the penalty rises from zero.</summary>
    public required long SparsityWarmupSteps { get; init; }

    /// <summary>Mean number of latents on that is aimed at.</summary>
    public required double TargetL0 { get; init; }

    public bool NormalizeActivations { get; init; } = true;

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.Within("bandwidth", Bandwidth, double.Epsilon, double.MaxValue);
        RecipeChecks.NotNegative("sparsity_penalty", SparsityPenalty);
        RecipeChecks.NotNegative("sparsity_warmup_steps", SparsityWarmupSteps);
        RecipeChecks.Within("target_l0", TargetL0, double.Epsilon, sizes.Latents);
    }
}
