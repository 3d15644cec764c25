using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>What the losses of dictionary_learning's top-k trainers share.</summary>
/// <remarks>
/// <c>total = l2_loss + auxk_alpha auxk_loss</c>, AuxK by <see cref="DictionaryLearningAuxiliary"/> on latents that, this batch counted,
/// have been silent for a number of tokens. The decoder's gradient loses its part along each row before it is clipped; after the
/// update each row is divided by its norm.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
internal abstract class SelectingObjective(ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens)
    : TrainingObjective(parameters)
{
    private const double MedianMove = 1e-5;

    private readonly DictionaryLearningAuxiliary _auxiliary = new(parameters);

    /// <summary>The recipe's options.</summary>
    public DictionaryLearningTopKOptions Options => options;

    /// <summary>Tokens for which each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    /// <summary>The running threshold.</summary>
    public DelayedThreshold Threshold { get; } = new(options.ThresholdBeta, options.ThresholdStartStep, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since), .. Threshold.State];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("threshold_after", Threshold.Value)];

    public override void Begin(TrainingBatch batch)
    {
        Parameters.DecoderBias.copy_(GeometricMedian.UntilStill(batch.Target, MedianMove));
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        KeptLatents kept = Keep(batch.Input);
        Threshold.Update(kept.Smallest, step);
        Tensor dead = CountDead(kept.Fired, batch.Rows);
        Tensor auxiliary = _auxiliary.Of(batch.Input, (batch.Input - kept.Reconstruction).detach(), dead);
        Tensor total = kept.Error + auxiliary.mul(options.AuxkAlpha);
        return new ForwardPass(
            new LossTerms(total, [("l2_loss", kept.Error), ("auxk_loss", auxiliary), .. kept.Parts]),
            kept.Reconstruction.detach(),
            kept.Active,
            dead.shape[0]);
    }

    public override void AfterBackward()
    {
        UnitDecoder.RemoveParallel(Parameters.Decoder, UnitDecoder.ProjectionEpsilon);
    }

    public override void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        UnitDecoder.Normalise(Parameters.Decoder, UnitDecoder.MachineEpsilon);
    }

    /// <summary>Counts a batch in and returns the latents that are dead after it: int64 [m], ascending.</summary>
    /// <param name="fired">Which latents fired in the batch: bool [n].</param>
    /// <param name="rows">Rows of the batch.</param>
    public Tensor CountDead(Tensor fired, long rows)
    {
        Counters.Count(fired, rows, afterFiring: 0);
        return Counters.AtLeast(deadTokens);
    }

    /// <summary>Chooses latents and reconstructs from them.</summary>
    /// <param name="x">The batch [rows, d].</param>
    protected abstract KeptLatents Keep(Tensor x);
}
