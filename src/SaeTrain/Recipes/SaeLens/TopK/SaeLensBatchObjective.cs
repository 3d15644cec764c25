using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>What objectives share that choose latents among all entries of a batch, as SAELens' <c>batchtopk</c> does, release 6.54.</summary>
/// <remarks>
/// The <c>floor(k rows)</c> largest positive pre-activations of the batch are kept, in units of the decoder row's norm where
/// latents are rescaled. <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, AuxK by <see cref="SaeLensAuxiliary"/>. The running threshold
/// moves after the loss and becomes the threshold of the exported JumpReLU.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal abstract class SaeLensBatchObjective(
    ParameterSet parameters, SaeLensBatchTopKOptions options, double inputScale, long deadSteps, ScalarType matrixType)
    : TrainingObjective(parameters)
{
    private readonly BatchLatentSelector _selector = new(matrixType);

    /// <summary>The recipe's options.</summary>
    public SaeLensBatchTopKOptions Options => options;

    /// <summary>A latent is dead where it has not fired for more than this number of steps.</summary>
    public long DeadSteps => deadSteps;

    /// <summary>How many steps each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    /// <summary>The running threshold.</summary>
    public ThresholdAverage Threshold { get; } = new(options.TopkThresholdLr, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since), ("topk_threshold", Threshold.Value)];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("topk_threshold_after", Threshold.Value)];

    /// <summary>Factor of the activations in training.</summary>
    public double InputScale => inputScale;

    /// <summary>AuxK.</summary>
    protected SaeLensAuxiliary Auxiliary { get; } = new(parameters, options.AuxLossCoefficient);

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        Tensor dead = Counters.Above(deadSteps);
        Tensor? norm = options.RescaleActsByDecoderNorm ? LatentNorm(Parameters.Decoder) : null;
        Tensor centred = (x - Parameters.DecoderBias.detach()).contiguous();
        LatentEntries entries = _selector.Choose(
            centred, Parameters.Encoder, Parameters.EncoderBias, norm?.detach(), (long)Math.Floor(options.K * x.shape[0]));
        Tensor pre = EntryPreActivations.Of(centred, Parameters, entries);
        Tensor? entryNorm = norm?.index_select(0, entries.Latents);
        Tensor latents = (entryNorm is null ? pre : pre * entryNorm).relu();
        (LossTerms losses, Tensor reconstruction) = Losses(x, step, entries, entryNorm is null ? latents : latents / entryNorm, dead, norm);
        Threshold.Update(latents);
        Counters.Count(Counters.Fired(entries.Latents, latents, above: 0), amount: 1, afterFiring: 0);
        Tensor active = latents.detach().gt(0.0).sum(ScalarType.Float64) / (double)x.shape[0];
        return new ForwardPass(losses, reconstruction.detach(), active, dead.shape[0]);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Func<string, Tensor> folded = InputScaling.Fold(weight, inputScale);
        Tensor threshold = Threshold.Value;
        if (options.RescaleActsByDecoderNorm)
        {
            folded = LatentScaling.Fold(folded, LatentNorm(folded(ParameterNames.Decoder)));
            threshold = threshold / inputScale;
        }

        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null };
        return InferenceForm.Of(config, folded, threshold.to(ScalarType.Float32).expand(config.Latents));
    }

    public override void Dispose()
    {
        base.Dispose();
        _selector.Dispose();
    }

    /// <summary>What pre-activations are multiplied by before the choice [n].</summary>
    /// <param name="decoder">[n, d_out], perhaps a graph.</param>
    protected virtual Tensor LatentNorm(Tensor decoder)
    {
        return decoder.norm(1);
    }

    /// <summary>The losses and the reconstruction from picked entries.</summary>
    /// <param name="x">The batch.</param>
    /// <param name="step">The step.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="values">Their values in the decoder's unit, as a graph.</param>
    /// <param name="dead">Dead latents, int64 [m].</param>
    /// <param name="norm">The latents' norms [n], or null.</param>
    protected virtual (LossTerms Losses, Tensor Reconstruction) Losses(
        Tensor x, long step, LatentEntries entries, Tensor values, Tensor dead, Tensor? norm)
    {
        Tensor reconstruction = EntryReconstruction.Of(values, Parameters.Decoder, entries.Latents, entries.Rows, x.shape[0]) + Parameters.DecoderBias;
        Tensor error = (reconstruction - x).pow(2.0).sum(-1).mean();
        Tensor auxiliary = Auxiliary.Of(x, (x - reconstruction).detach(), dead, norm);
        return (new LossTerms(error + auxiliary, [("mse_loss", error), ("auxiliary_reconstruction_loss", auxiliary)]), reconstruction);
    }
}
