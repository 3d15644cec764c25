using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Dead;

/// <summary>
/// <c>w mean_rows Σ_j relu(θ_j - pre_j) n_j</c> over the step's extra latents, n the norm of the decoder row: value and gradients, by
/// dense products over these latents in blocks of rows.
/// </summary>
internal sealed class DeadPull(FusedContext context)
{
    private const long BlockElements = 1 << 25;
    private const long LeastRows = 64;

    /// <summary>Adds the gradients and returns the loss.</summary>
    /// <param name="coefficient">w.</param>
    public double Add(double coefficient)
    {
        int count = context.Extra.Latents.Length;
        if (count == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        Tensor places = tensor(context.Extra.Latents);
        Tensor encoder = context.Parameters.Encoder.index_select(0, places);
        Tensor bias = context.Parameters.EncoderBias.index_select(0, places);
        Tensor norms = context.Parameters.Decoder.index_select(0, places).norm(1);
        Tensor thresholds = context.Parameters[Objectives.ParameterNames.Threshold].index_select(0, places);
        Tensor inputs = context.Product.Centred;
        Tensor gaps = zeros(count, ScalarType.Float64);
        Tensor below = zeros(count, ScalarType.Float64);
        float weight = (float)(coefficient / inputs.shape[0]);
        Tensor pull = norms * -weight;
        long block = Math.Clamp(BlockElements / count, Math.Min(LeastRows, inputs.shape[0]), inputs.shape[0]);
        for (long row = 0; row < inputs.shape[0]; row += block)
        {
            using var inner = NewDisposeScope();
            Tensor x = inputs.narrow(0, row, Math.Min(block, inputs.shape[0] - row));
            Tensor gap = thresholds - x.mm(encoder.t()).add_(bias);
            Tensor closed = (gap > 0).to(ScalarType.Float32);
            _ = gaps.add_(gap.mul_(closed).sum(0, false, ScalarType.Float64));
            _ = below.add_(closed.sum(0, false, ScalarType.Float64));
            _ = context.Extra.Encoder.addmm_((closed * pull).t(), x, 1, 1);
        }

        double[] gapSums = gaps.data<double>().ToArray();
        double[] counts = below.data<double>().ToArray();
        float[] norm = norms.data<float>().ToArray();
        double loss = 0;
        for (int latent = 0; latent < count; latent++)
        {
            loss += weight * gapSums[latent] * norm[latent];
            context.Extra.Bias[latent] -= (float)(weight * norm[latent] * counts[latent]);
            context.Extra.Threshold[latent] += (float)(weight * norm[latent] * counts[latent]);
            context.Extra.Norm[latent] += (float)(weight * gapSums[latent]);
        }

        return loss;
    }
}
