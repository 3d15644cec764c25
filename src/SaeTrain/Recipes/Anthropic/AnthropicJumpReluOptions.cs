namespace Workbench.SaeTrain.Recipes.Anthropic;

/// <summary>Options of <c>anthropic-jumprelu</c>.</summary>
internal sealed record AnthropicJumpReluOptions : IRecipeOptions
{
    /// <summary>Weight of the sparsity penalty at the end; it rises linearly over the whole run.</summary>
    public required double LambdaSparsity { get; init; }

    /// <summary>Weight of the pull of pre-activations to thresholds.</summary>
    public double LambdaPreAct { get; init; } = 3e-6;

    /// <summary>Factor inside the tanh.</summary>
    public double TanhScale { get; init; } = 4;

    /// <summary>Width of the window about a threshold within which activations move it.</summary>
    public double Bandwidth { get; init; } = 2;

    /// <summary>Threshold of every latent at the start.</summary>
    public double InitialThreshold { get; init; } = 0.1;

    /// <summary>Share of rows on which every latent is on at the start, which its bias is set for.</summary>
    public required double InitialFiringRate { get; init; }

    public void Validate(RunSizes sizes)
    {
        RecipeChecks.NotNegative("lambda_sparsity", LambdaSparsity);
        RecipeChecks.NotNegative("lambda_pre_act", LambdaPreAct);
        RecipeChecks.Positive("tanh_scale", TanhScale);
        RecipeChecks.Positive("bandwidth", Bandwidth);
        RecipeChecks.Positive("initial_threshold", InitialThreshold);
        RecipeChecks.Within("initial_firing_rate", InitialFiringRate, 0, 1);
    }
}
