using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>The loss of SAELens' <c>topk</c> training architecture, release 6.54.</summary>
/// <remarks>
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, and AuxK by <see cref="SaeLensAuxiliary"/>. With rescaling, pre-activations are
/// multiplied by the decoder row's norm before the choice and latents divided by it before decoding, inside the graph.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class SaeLensTopKObjective(
    ParameterSet parameters, SaeLensTopKOptions options, double inputScale, long deadSteps, ScalarType matrixType)
    : TopKObjective(parameters, options.K, new RowTopK(parameters, matrixType)), IFusedObjective
{
    private readonly SaeLensAuxiliary _auxiliary = new(parameters, options.AuxLossCoefficient);

    /// <summary>The recipe's options.</summary>
    public SaeLensTopKOptions Options => options;

    /// <summary>A latent is dead where it has not fired for more than this number of steps.</summary>
    public long DeadSteps => deadSteps;

    public int? EntriesPerRow => K;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new SaeLensTopKFused(context, this);
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        Tensor dead = Counters.Above(deadSteps);
        Tensor? norm = options.RescaleActsByDecoderNorm ? Parameters.Decoder.norm(1) : null;
        (LatentChoice choice, Tensor pre) = Rows.Encode(x, norm, K);
        Tensor? pickedNorm = norm?.index_select(0, choice.Indices.reshape(-1)).view(choice.Indices.shape);
        Tensor latents = RowTopK.Latents(choice, pickedNorm is null ? pre : pre * pickedNorm);
        Tensor reconstruction = Rows.Reconstruct(choice, pickedNorm is null ? latents : latents / pickedNorm);
        Tensor error = (reconstruction - x).pow(2.0).sum(-1).mean();
        Tensor auxiliary = _auxiliary.Of(x, (x - reconstruction).detach(), dead, norm);
        Counters.Count(Counters.Fired(choice.Indices, latents, above: 0), amount: 1, afterFiring: 0);
        return new ForwardPass(
            new LossTerms(error + auxiliary, [("mse_loss", error), ("auxiliary_reconstruction_loss", auxiliary)]),
            reconstruction.detach(),
            RowTopK.ActiveLatents(latents),
            dead.shape[0]);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with
        {
            Architecture = SparseArchitecture.TopK,
            K = K,
            RescaleByDecoderNorm = options.RescaleActsByDecoderNorm,
        };
        using SparseAutoencoder trained = InferenceForm.Of(config, InputScaling.Fold(weight, inputScale));
        return trained.WithUnitDecoder();
    }
}
