namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>A row of the encoder product and what makes scores of it.</summary>
internal unsafe struct ScannedRow
{
    /// <summary>[latents], float32 or bfloat16.</summary>
    public void* Product;

    /// <summary>[latents], added first.</summary>
    public float* Bias;

    /// <summary>[latents], multiplied then; not read by the plain score.</summary>
    public float* Scale;

    /// <summary>Number of columns.</summary>
    public int Latents;
}
