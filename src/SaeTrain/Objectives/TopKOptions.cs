using static TorchSharp.torch;

namespace Workbench.SaeTrain.Objectives;

/// <summary>Options of top-k objectives.</summary>
internal sealed record TopKOptions
{
    /// <summary>Latents kept in each row.</summary>
    public required int K { get; init; }

    /// <summary>Most dead latents that take part in the auxiliary reconstruction.</summary>
    public required int AuxK { get; init; }

    /// <summary>Weight of the auxiliary reconstruction.</summary>
    public required double AuxCoefficient { get; init; }

    /// <summary>A latent is dead where it has not fired for more than this number of steps.</summary>
    public required long DeadWindow { get; init; }

    /// <summary>Whether selection and latents are in units of the decoder row's norm.</summary>
    public bool RescaleByDecoderNorm { get; init; }

    /// <summary>Factor that makes the mean squared error a share of the variance, where the recipe uses one.</summary>
    public double ErrorScale { get; init; } = 1;

    /// <summary>Number type of the encoder product.</summary>
    public ScalarType MatrixType { get; init; } = ScalarType.Float32;
}
