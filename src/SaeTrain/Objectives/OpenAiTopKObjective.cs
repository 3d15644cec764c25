using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The loss of openai/sparse_autoencoder (Gao et al. 2024, "Scaling and evaluating sparse autoencoders").</summary>
/// <remarks>
/// <c>recon_loss = s mean (x_hat - x)²</c> over rows and features, s = 1 / variance of a sample, fixed at the start.
/// <c>auxk_loss = mean (R - t)² / mean (t - mean_rows t)²</c>, t = x - x_hat + b (both detached), R decodes with b the largest
/// positive pre-activations among dead latents. Decoder rows are made unit norm before the update, and the gradient then loses
/// its part along them, so stored rows are off unit norm by one update.
/// </remarks>
internal sealed class OpenAiTopKObjective(DictionaryParameters parameters, TopKOptions options) : TopKObjective(parameters, options)
{
    private const float FiredAbove = 1e-3f;

    public override ForwardPass Forward(Tensor batch)
    {
        (LatentChoice choice, Tensor pre) = Encode(batch, norm: null);
        Tensor latents = Latents(choice, pre);
        Tensor reconstruction = Reconstruct(choice, latents);
        Tensor error = Options.ErrorScale * (reconstruction - batch).pow(2).mean();

        double active = Counters.Count(choice.Indices, latents, FiredAbove, afterFiring: 1);
        long[] dead = Counters.Silent(Options.DeadWindow);
        Tensor auxiliary = Auxiliary(batch, reconstruction.detach(), dead);
        Tensor total = error + (Options.AuxCoefficient * auxiliary);
        return new ForwardPass(
            new LossTerms(total, [("recon_loss", error), ("auxk_loss", auxiliary)]),
            reconstruction.detach(),
            active,
            dead.Length);
    }

    public override void AfterBackward()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor rows = Parameters.Decoder;
        rows.div_(rows.norm(1, true));
        Tensor gradient = rows.grad!;
        gradient.sub_((gradient * rows).sum(1, true) * rows);
    }

    private Tensor Auxiliary(Tensor batch, Tensor reconstruction, long[] dead)
    {
        Tensor target = batch - reconstruction + Parameters.DecoderBias.detach();
        Tensor prediction = Parameters.DecoderBias;
        if (dead.Length > 0)
        {
            Tensor indices = tensor(dead, device: batch.device);
            Tensor kept = KeepLargest(DeadPreActivations(batch, indices), Options.AuxK).relu();
            prediction = kept.mm(Parameters.Decoder.index_select(0, indices)) + prediction;
        }

        Tensor spread = (target - target.mean([0])).pow(2).mean();
        return ((prediction - target).pow(2).mean() / spread).nan_to_num(0);
    }
}
