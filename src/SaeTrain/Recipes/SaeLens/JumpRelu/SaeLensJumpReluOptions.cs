namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>Options of the <c>saelens-jumprelu</c> recipes, named as SAELens names them; the mode of the penalty is the recipe's name.</summary>
internal sealed record SaeLensJumpReluOptions : SaeLensOptions
{
    /// <summary>Threshold of every latent at the start.</summary>
    public double JumpreluInitThreshold { get; init; } = 0.1;

    /// <summary>Width of the window about a threshold within which activations move it.</summary>
    public double JumpreluBandwidth { get; init; } = 2;

    /// <summary>Weight of the sparsity penalty after its warm-up.</summary>
    public required double L0Coefficient { get; init; }

    /// <summary>Steps over which the weight rises linearly from 0.</summary>
    public required long L0WarmUpSteps { get; init; }

    /// <summary>Weight of the term that draws dead latents' pre-activations to their thresholds; null for no such term.</summary>
    public double? PreActLossCoefficient { get; init; }

    /// <summary>Factor inside the tanh of the <c>tanh</c> penalty.</summary>
    public double JumpreluTanhScale { get; init; } = 4;

    /// <summary>Whether the thresholds' gradients also flow, negated, to the pre-activations.</summary>
    public bool JumpreluSteToInput { get; init; }

    /// <summary>Active latents of a row that the <c>quadratic</c> penalty aims at.</summary>
    public double? TargetL0 { get; init; }

    public override void Validate(RunSizes sizes)
    {
        base.Validate(sizes);
        RecipeChecks.NotNegative("jumprelu_init_threshold", JumpreluInitThreshold);
        RecipeChecks.Positive("jumprelu_bandwidth", JumpreluBandwidth);
        RecipeChecks.NotNegative("l0_coefficient", L0Coefficient);
        RecipeChecks.NotNegative("l0_warm_up_steps", L0WarmUpSteps);
        RecipeChecks.NotNegative("pre_act_loss_coefficient", PreActLossCoefficient ?? 0);
        RecipeChecks.Positive("jumprelu_tanh_scale", JumpreluTanhScale);
        RecipeChecks.Positive("target_l0", TargetL0 ?? 1);
    }
}
