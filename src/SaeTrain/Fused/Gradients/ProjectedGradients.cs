namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Takes from the gradient of each decoder row its part along <c>row / (norm + epsilon)</c>.</summary>
internal sealed unsafe class ProjectedGradients(FusedContext context, DecodePass decoded, double epsilon) : LatentGradients(context, decoded)
{
    public override void Sum(int latent, in FusedWeights weights, in LatentRows rows)
    {
        base.Sum(latent, weights, rows);
        float* row = weights.Decoder.Weights + ((long)latent * Width);
        double norm = Math.Sqrt(Kernels.Dot(row, row, Width)) + epsilon;
        Kernels.AddScaled(row, (float)(-Kernels.Dot(rows.Decoder, row, Width) / (norm * norm)), rows.Decoder, Width);
    }
}
