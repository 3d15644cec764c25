using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The loss of SAELens' <c>topk</c> training architecture, release 6.54.</summary>
/// <remarks>
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>. With dead latents,
/// <c>auxiliary_reconstruction_loss = c min(dead / (d/2), 1) mean_rows Σ_d (R - r)²</c>, r = x - x_hat (detached), R decodes without
/// bias the min(d/2, dead) largest pre-activations of dead latents, negative ones included. With rescaling, pre-activations are
/// multiplied by the decoder row's norm before the choice and latents divided by it before decoding, inside the graph.
/// </remarks>
internal sealed class SaeLensTopKObjective(DictionaryParameters parameters, TopKOptions options) : TopKObjective(parameters, options)
{
    public override ForwardPass Forward(Tensor batch)
    {
        long[] dead = Counters.Silent(Options.DeadWindow);
        Tensor? norm = Options.RescaleByDecoderNorm ? Parameters.Decoder.pow(2).sum(1).sqrt() : null;
        (LatentChoice choice, Tensor pre) = Encode(batch, norm);
        Tensor? pickedNorm = norm?.index_select(0, choice.Indices.reshape(-1)).view(choice.Indices.shape);
        Tensor latents = Latents(choice, pickedNorm is null ? pre : pre * pickedNorm);
        Tensor reconstruction = Reconstruct(choice, pickedNorm is null ? latents : latents / pickedNorm);
        Tensor error = (reconstruction - batch).pow(2).sum(-1).mean();
        Tensor residual = (batch - reconstruction).detach();
        Tensor auxiliary = dead.Length == 0 ? zeros_like(error) : Auxiliary(batch, residual, dead, norm);

        double active = Counters.Count(choice.Indices, latents, above: 0, afterFiring: 0);
        return new ForwardPass(
            new LossTerms(error + auxiliary, [("mse_loss", error), ("auxiliary_reconstruction_loss", auxiliary)]),
            reconstruction.detach(),
            active,
            dead.Length);
    }

    public override SparseAutoencoder ToInference(SparseAutoencoderConfig template)
    {
        using SparseAutoencoder trained = base.ToInference(template);
        return trained.WithUnitDecoder();
    }

    private Tensor Auxiliary(Tensor batch, Tensor residual, long[] dead, Tensor? norm)
    {
        Tensor indices = tensor(dead, device: batch.device);
        Tensor pre = DeadPreActivations(batch, indices);
        Tensor? deadNorm = norm?.index_select(0, indices);
        Tensor kept = KeepLargest(deadNorm is null ? pre : pre * deadNorm, Options.AuxK);
        Tensor prediction = (deadNorm is null ? kept : kept / deadNorm).mm(Parameters.Decoder.index_select(0, indices));
        double weight = Options.AuxCoefficient * Math.Min(dead.Length / (double)Options.AuxK, 1);
        return weight * (prediction - residual).pow(2).sum(-1).mean();
    }
}
