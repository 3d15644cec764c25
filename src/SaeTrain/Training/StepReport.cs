namespace Workbench.SaeTrain.Training;

/// <summary>The numbers of one step; one line of <c>metrics.jsonl</c>.</summary>
internal sealed record StepReport
{
    /// <summary>The step, counted from 0.</summary>
    public required long Step { get; init; }

    /// <summary>Activations seen, this step's included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The value that was differentiated.</summary>
    public required double Total { get; init; }

    /// <summary>Loss terms by the recipe's names.</summary>
    public required IReadOnlyDictionary<string, double> Losses { get; init; }

    /// <summary>L2 norm of all gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Share of the batch's variance about the data set's mean that is not reconstructed.</summary>
    public double? Fvu { get; init; }

    /// <summary>Mean number of latents on.</summary>
    public required double L0 { get; init; }

    /// <summary>Latents that the dead rule held for dead.</summary>
    public required int Dead { get; init; }

    /// <summary>Activations a second since the last line.</summary>
    public double? TokensPerSecond { get; init; }
}
