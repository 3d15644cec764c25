using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.OpenAi;

/// <summary>The loss of openai/sparse_autoencoder (Gao et al. 2024, "Scaling and evaluating sparse autoencoders").</summary>
/// <remarks>
/// <c>recon_loss = s mean (x_hat - x)²</c> over rows and features, s = 1 / variance of a sample, fixed at the start.
/// <c>auxk_loss = mean (R - t)² / mean (t - mean_rows t)²</c>, t = x - x_hat + b (both detached), R decodes with b the largest
/// positive pre-activations among dead latents. Decoder rows are made unit norm before the update, and the gradient then loses
/// its part along them, so stored rows are off unit norm by one update.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="errorScale">The factor of the squared error.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps, the present one included.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class OpenAiTopKObjective(
    ParameterSet parameters, OpenAiTopKOptions options, double errorScale, long deadSteps, ScalarType matrixType)
    : TopKObjective(parameters, options.K, new RowTopK(parameters, matrixType)), IFusedObjective
{
    /// <summary>A picked latent fired where its value is above this.</summary>
    public const double FiredAbove = 1e-3;

    /// <summary>The recipe's options.</summary>
    public OpenAiTopKOptions Options => options;

    /// <summary>The factor of the squared error.</summary>
    public double ErrorScale => errorScale;

    /// <summary>A latent is dead where it has not fired for more than this number of steps.</summary>
    public long DeadSteps => deadSteps;

    public int? EntriesPerRow => K;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new OpenAiTopKFused(context, this);
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        (LatentChoice choice, Tensor pre) = Rows.Encode(x, norm: null, K);
        Tensor latents = RowTopK.Latents(choice, pre);
        Tensor reconstruction = Rows.Reconstruct(choice, latents);
        Tensor error = errorScale * (reconstruction - x).pow(2).mean();

        Counters.Count(Counters.Fired(choice.Indices, latents, FiredAbove), amount: 1, afterFiring: 1);
        Tensor dead = Counters.Above(deadSteps);
        Tensor auxiliary = Auxiliary(x, reconstruction.detach(), dead);
        Tensor total = error + (options.AuxkCoef * auxiliary);
        return new ForwardPass(
            new LossTerms(total, [("recon_loss", error), ("auxk_loss", auxiliary)]),
            reconstruction.detach(),
            RowTopK.ActiveLatents(latents),
            dead.shape[0]);
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

    private Tensor Auxiliary(Tensor batch, Tensor reconstruction, Tensor dead)
    {
        Tensor target = batch - reconstruction + Parameters.DecoderBias.detach();
        Tensor prediction = Parameters.DecoderBias;
        if (dead.shape[0] > 0)
        {
            Tensor kept = DeadLatents.KeepLargest(DeadLatents.PreActivations(Parameters, batch, dead), options.Auxk).relu();
            prediction = kept.mm(Parameters.Decoder.index_select(0, dead)) + prediction;
        }

        Tensor spread = (target - target.mean([0])).pow(2).mean();
        return ((prediction - target).pow(2).mean() / spread).nan_to_num(0);
    }
}
