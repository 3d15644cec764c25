using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;

/// <summary>The loss of dictionary_learning's standard trainer: L1 on the latents, unit decoder, resampling on request.</summary>
/// <remarks>
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, <c>sparsity_loss = mean_rows Σ_j |z_j|</c>,
/// <c>total = mse_loss + l1_penalty min(step / sparsity_warmup_steps, 1) sparsity_loss</c>.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadSteps">A latent is dead where it has not fired in this number of steps.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="draw">Chooses the rows of a resampling.</param>
internal sealed class DictionaryLearningStandardObjective(
    ParameterSet parameters, DictionaryLearningStandardOptions options, long deadSteps, DataConstants constants, IRowDraw draw)
    : ConstrainedObjective(parameters, deadSteps, constants)
{
    /// <summary>Norm of a renewed encoder row, as a share of the living rows' mean.</summary>
    private const double EncoderShare = 0.2;

    /// <summary>Chooses the rows of a resampling.</summary>
    public IRowDraw Draw { get; set; } = draw;

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor latents = ReluLatents(batch.Input);
        Tensor reconstruction = Decode(latents);
        Tensor error = (reconstruction - batch.Target).square().sum(-1);
        Tensor squares = error.mean();
        Tensor sparsity = latents.sum(-1).mean();
        double weight = new CoefficientWarmUp(options.L1Penalty, options.SparsityWarmupSteps).At(step);
        Tensor total = squares + sparsity.mul(weight);
        (string, Tensor)[] terms = [("mse_loss", squares), ("sparsity_loss", sparsity), ("l2_loss", error.detach().sqrt().mean())];
        return Pass(new LossTerms(total, terms), reconstruction, latents);
    }

    public override void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        base.AfterUpdate(batch, step, optimizer);
        if (options.ResampleSteps is long period && step % period == 0)
        {
            Resample(batch, step, period, optimizer);
        }
    }

    /// <summary>
    /// Points latents that were silent for more than half a period at rows that are badly reconstructed: the first m of them in the
    /// order of their index, m at most the rows of the batch.
    /// </summary>
    private void Resample(TrainingBatch batch, long step, long period, IOptimizer optimizer)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor dead = Counters.Above(period / 2);
        int count = (int)Math.Min(dead.shape[0], batch.Rows);
        if (count == 0)
        {
            return;
        }

        Tensor reconstruction = Decode(ReluLatents(batch.Input));
        Tensor rows = Draw.Draw((batch.Target - reconstruction).norm(1), count, step);
        Tensor drawn = batch.Input.index_select(0, rows);
        Tensor norm = LivingNorm(dead);
        Tensor renewed = dead.narrow(0, 0, count);
        Parameters.Encoder.index_copy_(0, renewed, drawn * norm * EncoderShare);
        Parameters.Decoder.index_copy_(0, renewed, drawn / drawn.norm(1, true));
        Parameters.EncoderBias.index_fill_(0, renewed, 0.0);
        foreach (string name in new[] { ParameterNames.Encoder, ParameterNames.EncoderBias, ParameterNames.Decoder })
        {
            optimizer.Forget(name, renewed);
        }
    }

    /// <summary>Mean norm of the living latents' encoder rows; of all rows where none lives.</summary>
    private Tensor LivingNorm(Tensor dead)
    {
        Tensor norms = Parameters.Encoder.norm(1);
        Tensor living = ones_like(norms);
        if (dead.shape[0] < norms.shape[0])
        {
            living.index_fill_(0, dead, 0.0);
        }

        return (norms * living).sum() / living.sum();
    }
}
