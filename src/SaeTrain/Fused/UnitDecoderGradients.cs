using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused;

/// <summary>Makes each decoder row unit norm before its update, and takes from its gradient the part along it.</summary>
internal sealed unsafe class UnitDecoderGradients(FusedKernels kernels, LatentOrder order, ExtraGradients extra, DecodePass decoded, int latents, int width)
    : LatentGradients(kernels, order, extra, decoded, latents, width)
{
    private readonly FusedKernels _kernels = kernels;
    private readonly int _width = width;

    public override void Sum(int latent, in FusedWeights weights, in LatentRows rows)
    {
        base.Sum(latent, weights, rows);
        float* row = weights.Decoder.Weights + ((long)latent * _width);
        _kernels.Scale(row, 1 / MathF.Sqrt(_kernels.Dot(row, row, _width)), _width);
        _kernels.AddScaled(row, -_kernels.Dot(rows.Decoder, row, _width), rows.Decoder, _width);
    }
}
