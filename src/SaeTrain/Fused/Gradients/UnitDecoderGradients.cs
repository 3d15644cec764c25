namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Makes each decoder row unit norm before its update, and takes from its gradient the part along it.</summary>
internal sealed unsafe class UnitDecoderGradients(FusedContext context, DecodePass decoded) : LatentGradients(context, decoded)
{
    public override void Sum(int latent, in FusedWeights weights, in LatentRows rows)
    {
        base.Sum(latent, weights, rows);
        float* row = weights.Decoder.Weights + ((long)latent * Width);
        Kernels.Scale(row, 1 / MathF.Sqrt(Kernels.Dot(row, row, Width)), Width);
        Kernels.AddScaled(row, -Kernels.Dot(rows.Decoder, row, Width), rows.Decoder, Width);
    }
}
