using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The loss of dictionary_learning's batch-wide top-k trainer.</summary>
/// <remarks>
/// The k rows largest positive pre-activations of the batch are kept. Loss, AuxK and decoder as in
/// <see cref="DictionaryLearningTopKObjective"/>; the running threshold follows the smallest kept latent of the batch and becomes the
/// threshold of the exported JumpReLU, as which the peer's own class acts. A run that ends before the peer's average has begun
/// exports the last batch's smallest kept latent.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal class DictionaryLearningBatchTopKObjective(
    ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
    : TrainingObjective(parameters)
{
    private const double MedianMove = 1e-5;

    private readonly BatchLatentSelector _selector = new(matrixType);
    private readonly DictionaryLearningAuxiliary _auxiliary = new(parameters);
    private readonly DelayedThreshold _threshold = new(options.ThresholdBeta, options.ThresholdStartStep, parameters.Device);

    /// <summary>Tokens for which each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since), .. _threshold.State];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("threshold_after", _threshold.Value)];

    public override void Begin(TrainingBatch batch)
    {
        Parameters.DecoderBias.copy_(GeometricMedian.UntilStill(batch.Target, MedianMove));
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        Tensor centred = (x - Parameters.DecoderBias.detach()).contiguous();
        LatentEntries entries = _selector.Choose(centred, Parameters.Encoder, Parameters.EncoderBias, scale: null, (long)options.K * batch.Rows);
        Tensor latents = EntryPreActivations.Of(centred, Parameters, entries).relu();
        (Tensor error, Tensor reconstruction, IReadOnlyList<(string, Tensor)> parts) = Error(x, entries, latents);
        _threshold.Update(Smallest(latents.detach()), step);
        Counters.Count(Counters.Fired(entries.Latents, latents, above: 0), batch.Rows, afterFiring: 0);
        Tensor dead = Counters.AtLeast(deadTokens);
        Tensor auxiliary = _auxiliary.Of(x, (x - reconstruction).detach(), dead);
        Tensor total = error + auxiliary.mul(options.AuxkAlpha);
        Tensor active = latents.detach().gt(0.0).sum(ScalarType.Float64).div((double)batch.Rows);
        return new ForwardPass(
            new LossTerms(total, [("l2_loss", error), ("auxk_loss", auxiliary), .. parts]), reconstruction.detach(), active, dead.shape[0]);
    }

    public override void AfterBackward()
    {
        UnitDecoder.RemoveParallel(Parameters.Decoder, UnitDecoder.ProjectionEpsilon);
    }

    public override void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        UnitDecoder.Normalise(Parameters.Decoder, UnitDecoder.MachineEpsilon);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null };
        SparseWeights weights = ScaleFold.Views(weight) with { Threshold = _threshold.ForInference().expand(config.Latents) };
        return new SparseAutoencoder(config, ScaleFold.Of(weights, constants));
    }

    public override void Dispose()
    {
        base.Dispose();
        _selector.Dispose();
    }

    /// <summary>The squared error of kept latents, their reconstruction, and further parts of the loss for information.</summary>
    /// <param name="x">The batch [rows, d].</param>
    /// <param name="entries">The kept latents.</param>
    /// <param name="latents">Their values [entries] as a graph.</param>
    protected virtual (Tensor Error, Tensor Reconstruction, IReadOnlyList<(string Name, Tensor Value)> Parts) Error(
        Tensor x, LatentEntries entries, Tensor latents)
    {
        Tensor reconstruction = EntryReconstruction.Of(latents, Parameters.Decoder, entries.Latents, entries.Rows, x.shape[0]) + Parameters.DecoderBias;
        return ((reconstruction - x).square().sum(-1).mean(), reconstruction, []);
    }

    /// <summary>The smallest positive value; 0 where there is none.</summary>
    private Tensor Smallest(Tensor latents)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor most = full([1], float.PositiveInfinity, device: Parameters.Device);
        Tensor smallest = cat([latents.masked_fill(latents.le(0.0), double.PositiveInfinity), most]).min();
        return where(smallest.isfinite(), smallest, zeros_like(smallest)).MoveToOuterDisposeScope();
    }
}
