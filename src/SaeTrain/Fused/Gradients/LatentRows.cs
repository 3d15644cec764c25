namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Gradients of one latent's two rows.</summary>
internal unsafe struct LatentRows
{
    /// <summary>[d].</summary>
    public float* Encoder;

    /// <summary>[d].</summary>
    public float* Decoder;
}
