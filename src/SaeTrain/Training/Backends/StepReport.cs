using System.Text.Json.Serialization;
using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.HeldOut;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Backends;

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

    /// <summary>Coefficients, thresholds and whatever else the recipe tells of the step, by its names.</summary>
    public IReadOnlyDictionary<string, double> Readings { get; init; } = new Dictionary<string, double>();

    /// <summary>L2 norm of all gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Share of the batch's variance about the data set's mean that is not reconstructed.</summary>
    public double? Fvu { get; init; }

    /// <summary>Mean number of latents on.</summary>
    public required double L0 { get; init; }

    /// <summary>Latents that the dead rule held for dead.</summary>
    public required long Dead { get; init; }

    /// <summary>Activations a second since the last line.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>What an evaluation after the step gave, where there was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeldOutReport? HeldOut { get; init; }

    /// <summary>Reads the numbers of a step from where it was computed.</summary>
    /// <param name="step">The step.</param>
    /// <param name="batch">Its activations.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="pass">What the objective made of it.</param>
    /// <param name="gradientNorm">Scalar.</param>
    /// <param name="readings">Further scalars.</param>
    /// <param name="mean">The data set's mean target [d_out], or null.</param>
    public static StepReport Of(
        long step,
        TrainingBatch batch,
        double learningRate,
        ForwardPass pass,
        Tensor gradientNorm,
        IReadOnlyList<(string Name, Tensor Value)> readings,
        Tensor? mean)
    {
        return new StepReport
        {
            Step = step,
            Tokens = (step + 1) * batch.Rows,
            LearningRate = learningRate,
            Total = Read(pass.Losses.Total),
            Losses = pass.Losses.Terms.ToDictionary(term => term.Name, term => Read(term.Value)),
            Readings = readings.ToDictionary(reading => reading.Name, reading => Read(reading.Value)),
            GradientNorm = Read(gradientNorm),
            Fvu = mean is null ? null : UnexplainedShare(batch.Target, pass.Reconstruction, mean),
            L0 = Read(pass.ActiveLatents),
            Dead = pass.DeadLatents,
        };
    }

    /// <summary>FVU of a batch about a given mean, accumulated in double.</summary>
    public static double UnexplainedShare(Tensor target, Tensor reconstruction, Tensor mean)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor unexplained = (target - reconstruction).pow(2).sum(ScalarType.Float64);
        return Read(unexplained / (target - mean).pow(2).sum(ScalarType.Float64));
    }

    private static double Read(Tensor scalar)
    {
        using Tensor wide = scalar.detach().to(ScalarType.Float64);
        return wide.item<double>();
    }
}
