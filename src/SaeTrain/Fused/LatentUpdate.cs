using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Screening;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Fused;

/// <summary>Adam on everything that belongs to one latent, and what is derived from its weights.</summary>
internal sealed unsafe class LatentUpdate(FusedKernels kernels, LatentGradients gradients, ushort* roundedEncoder, QuantizedProduct? screen, float* norms, int width)
{
    /// <summary>The numbers of this step.</summary>
    public AdamStep Step { get; set; }

    /// <summary>Updates a latent.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="weights">Weights and moments.</param>
    /// <param name="rows">Gradients of its rows.</param>
    /// <param name="factor">Factor of all gradients.</param>
    public void Apply(int latent, in FusedWeights weights, in LatentRows rows, float factor)
    {
        AdamStep step = Step;
        long offset = (long)latent * width;
        AdamRow encoder = weights.Encoder.At(offset);
        AdamRow decoder = weights.Decoder.At(offset);
        kernels.Update(step, encoder, rows.Encoder, factor, width);
        kernels.Update(step, decoder, rows.Decoder, factor, width);
        float bias = gradients.Bias[latent];
        kernels.Update(step, weights.EncoderBias.At(latent), &bias, factor, 1);
        if (weights.Threshold.Weights is not null)
        {
            float threshold = gradients.Threshold[latent];
            kernels.Update(step, weights.Threshold.At(latent), &threshold, factor, 1);
        }

        if (roundedEncoder is not null)
        {
            kernels.Round(encoder.Weights, roundedEncoder + offset, width);
        }

        screen?.Take(latent, encoder.Weights);
        norms[latent] = MathF.Sqrt(kernels.Dot(decoder.Weights, decoder.Weights, width));
    }
}
