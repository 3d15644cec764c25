using TorchSharp;
using Workbench.SaeTrain.Recipes;
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
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class SaeLensTopKObjective(ParameterSet parameters, SaeLensTopKOptions options, long deadSteps, ScalarType matrixType)
    : TopKObjective(parameters, options.K, matrixType)
{
    private readonly int _auxK = Math.Max(1, parameters.InputWidth / 2);

    /// <summary>The recipe's options.</summary>
    public SaeLensTopKOptions Options => options;

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        Tensor dead = Counters.Above(deadSteps);
        Tensor? norm = options.RescaleActsByDecoderNorm ? Parameters.Decoder.pow(2).sum(1).sqrt() : null;
        (LatentChoice choice, Tensor pre) = Encode(x, norm);
        Tensor? pickedNorm = norm?.index_select(0, choice.Indices.reshape(-1)).view(choice.Indices.shape);
        Tensor latents = Latents(choice, pickedNorm is null ? pre : pre * pickedNorm);
        Tensor reconstruction = Reconstruct(choice, pickedNorm is null ? latents : latents / pickedNorm);
        Tensor error = (reconstruction - x).pow(2).sum(-1).mean();
        Tensor residual = (x - reconstruction).detach();
        Tensor auxiliary = dead.shape[0] == 0 ? zeros_like(error) : Auxiliary(x, residual, dead, norm);
        Counters.Count(Counters.Fired(choice.Indices, latents, above: 0), amount: 1, afterFiring: 0);
        return new ForwardPass(
            new LossTerms(error + auxiliary, [("mse_loss", error), ("auxiliary_reconstruction_loss", auxiliary)]),
            reconstruction.detach(),
            ActiveLatents(latents),
            dead.shape[0]);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        SparseAutoencoderConfig config = template with
        {
            Architecture = SparseArchitecture.TopK,
            K = K,
            RescaleByDecoderNorm = options.RescaleActsByDecoderNorm,
        };
        using SparseAutoencoder trained = InferenceForm.Of(config, weight);
        return trained.WithUnitDecoder();
    }

    private Tensor Auxiliary(Tensor batch, Tensor residual, Tensor dead, Tensor? norm)
    {
        Tensor pre = DeadPreActivations(batch, dead);
        Tensor? deadNorm = norm?.index_select(0, dead);
        Tensor kept = KeepLargest(deadNorm is null ? pre : pre * deadNorm, _auxK);
        Tensor prediction = (deadNorm is null ? kept : kept / deadNorm).mm(Parameters.Decoder.index_select(0, dead));
        double weight = options.AuxLossCoefficient * Math.Min(dead.shape[0] / (double)_auxK, 1);
        return weight * (prediction - residual).pow(2).sum(-1).mean();
    }
}
