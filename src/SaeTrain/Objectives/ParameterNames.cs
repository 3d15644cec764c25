namespace Workbench.SaeTrain.Objectives;

/// <summary>Names of the weights in training; an architecture has those that it needs.</summary>
internal static class ParameterNames
{
    /// <summary>[n, d_in], one row a latent.</summary>
    public const string Encoder = "encoder";

    /// <summary>[n].</summary>
    public const string EncoderBias = "encoder_bias";

    /// <summary>[n, d_out], one row a latent.</summary>
    public const string Decoder = "decoder";

    /// <summary>[d_out].</summary>
    public const string DecoderBias = "decoder_bias";

    /// <summary>[n], raw.</summary>
    public const string Threshold = "threshold";

    /// <summary>[n], the natural logarithm of a threshold.</summary>
    public const string LogThreshold = "log_threshold";

    /// <summary>[n], of a gated encoder's gate.</summary>
    public const string GateBias = "gate_bias";

    /// <summary>[n], logarithm of the factor between a gated encoder's gate and magnitude.</summary>
    public const string MagnitudeScale = "magnitude_scale";

    /// <summary>[n], of a gated encoder's magnitude.</summary>
    public const string MagnitudeBias = "magnitude_bias";

    /// <summary>[d_out, d_in], of a transcoder's linear bypass.</summary>
    public const string Skip = "skip";
}
