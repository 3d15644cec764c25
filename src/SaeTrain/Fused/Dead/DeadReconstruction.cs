using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Dead;

/// <summary>
/// A reconstruction from dead latents alone, by dense products over their rows, in blocks of rows that bound the memory: value and
/// gradients of <c>weight * sum (A W - r)²</c>, where A keeps the largest pre-activations among the dead and r is given.
/// </summary>
/// <remarks>
/// Where choosing is in units of the decoder row's norm, the kept value is divided by the norm again, so that neither value nor
/// gradient depends on it.
/// </remarks>
/// <param name="context">Weights and buffers.</param>
/// <param name="count">Most latents kept in a row.</param>
/// <param name="scaled">Whether choosing is in units of the decoder row's norm.</param>
internal class DeadReconstruction(FusedContext context, int count, bool scaled)
{
    private const long BlockElements = 1 << 25;
    private const long LeastRows = 64;

    /// <summary>Adds the gradients of a range of the extra latents and returns the sum of squares, without the weight.</summary>
    /// <param name="first">First of the extra latents that take part.</param>
    /// <param name="latents">How many do, at least one.</param>
    /// <param name="residual">Gives r [rows, d] from the first row and the number of rows.</param>
    /// <param name="weight">Factor of the squared error.</param>
    /// <param name="bias">Gains the sum over rows of the reconstruction's gradient [d], float64; null where no bias takes part.</param>
    public double Add(int first, int latents, Func<long, long, Tensor> residual, double weight, Tensor? bias)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor places = tensor(context.Extra.Latents.AsSpan(first, latents).ToArray());
        Tensor encoder = context.Parameters.Encoder.index_select(0, places);
        Tensor decoder = context.Parameters.Decoder.index_select(0, places);
        Tensor offsets = context.Parameters.EncoderBias.index_select(0, places);
        Tensor scale = scaled ? decoder.norm(1) : ones(latents);
        Tensor encoderGradient = context.Extra.Encoder.narrow(0, first, latents);
        Tensor decoderGradient = context.Extra.Decoder.narrow(0, first, latents);
        Tensor biasGradient = zeros(latents);
        Tensor inputs = context.Product.Centred;
        double squares = 0;
        long block = Math.Clamp(BlockElements / latents, Math.Min(LeastRows, inputs.shape[0]), inputs.shape[0]);
        for (long row = 0; row < inputs.shape[0]; row += block)
        {
            using var inner = NewDisposeScope();
            long rows = Math.Min(block, inputs.shape[0] - row);
            Tensor x = inputs.narrow(0, row, rows);
            Tensor pre = x.mm(encoder.t()).add_(offsets);
            Tensor mask = Mask(pre, pre * scale);
            Tensor kept = pre.mul_(mask);
            Tensor error = kept.mm(decoder).sub_(residual(row, rows));
            squares += error.pow(2).sum(ScalarType.Float64).item<double>();
            Tensor pull = error.mul_((float)(2 * weight));
            _ = bias?.add_(pull.sum(0, false, ScalarType.Float64));
            _ = decoderGradient.addmm_(kept.t(), pull, 1, 1);
            if (LatentPull(pull, decoder, mask) is Tensor latentPull)
            {
                _ = encoderGradient.addmm_(latentPull.t(), x, 1, 1);
                _ = biasGradient.add_(latentPull.sum([0]));
            }
        }

        float[] sums = biasGradient.data<float>().ToArray();
        for (int i = 0; i < latents; i++)
        {
            context.Extra.Bias[first + i] += sums[i];
        }

        return squares;
    }

    /// <summary>The gradient of the pre-activations [rows, latents], or null where none reaches them.</summary>
    /// <param name="pull">Gradient of the reconstruction [rows, d].</param>
    /// <param name="decoder">Rows of the latents [latents, d].</param>
    /// <param name="mask">1 where a pre-activation is kept [rows, latents].</param>
    protected virtual Tensor? LatentPull(Tensor pull, Tensor decoder, Tensor mask)
    {
        return pull.mm(decoder.t()).mul_(mask);
    }

    /// <summary>1 where a pre-activation is kept, 0 elsewhere [rows, latents].</summary>
    /// <param name="preActivations">[rows, latents].</param>
    /// <param name="scores">What is chosen by [rows, latents].</param>
    protected virtual Tensor Mask(Tensor preActivations, Tensor scores)
    {
        if (count >= scores.shape[1])
        {
            return ones_like(scores);
        }

        (_, Tensor places) = scores.topk(count, -1);
        return zeros_like(scores).scatter_(-1, places, ones_like(places, ScalarType.Float32));
    }
}
