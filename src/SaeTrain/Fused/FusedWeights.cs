using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused;

/// <summary>Where weights and moments lie.</summary>
internal struct FusedWeights
{
    /// <summary>[n, d].</summary>
    public AdamRow Encoder;

    /// <summary>[n].</summary>
    public AdamRow EncoderBias;

    /// <summary>[n, d].</summary>
    public AdamRow Decoder;

    /// <summary>[d].</summary>
    public AdamRow DecoderBias;

    /// <summary>[n], where the architecture has thresholds.</summary>
    public AdamRow Threshold;

    /// <summary>Number of latents, n.</summary>
    public int Latents;

    /// <summary>Features of a row, d.</summary>
    public int Width;
}
