namespace Workbench.SaeTrain.Recipes;

/// <summary>What a recipe's loop uses where the command line does not say.</summary>
internal sealed record RecipeDefaults
{
    private const double ReferenceLatents = 4096;

    /// <summary>Peak learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps of warm-up.</summary>
    public required long WarmUpSteps { get; init; }

    /// <summary>Steps of decay at the end.</summary>
    public required long DecaySteps { get; init; }

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's epsilon.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest gradient norm, or null.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>A rate found good for 4,096 latents and batches of 2,048 for about 1,000 steps, scaled with the root of the width as peers' defaults are.</summary>
    public static double RateFor(double rate, int latents)
    {
        return rate * Math.Min(1, Math.Sqrt(ReferenceLatents / latents));
    }
}
