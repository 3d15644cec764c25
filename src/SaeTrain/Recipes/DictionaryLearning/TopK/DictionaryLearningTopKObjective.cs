using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The loss of dictionary_learning's top-k trainer.</summary>
/// <remarks>
/// <c>l2_loss = mean_rows Σ_d (x_hat - x)²</c>, <c>total = l2_loss + auxk_alpha auxk_loss</c>, AuxK by
/// <see cref="DictionaryLearningAuxiliary"/> on latents that, this batch counted, have been silent for a number of tokens. The
/// running threshold averages over rows each row's smallest kept latent; rows that kept none are left out.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class DictionaryLearningTopKObjective(
    ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
    : TopKObjective(parameters, options.K, matrixType)
{
    private const double MedianMove = 1e-5;

    private readonly DictionaryLearningAuxiliary _auxiliary = new(parameters);
    private readonly DelayedThreshold _threshold = new(options.ThresholdBeta, options.ThresholdStartStep, parameters.Device);

    /// <summary>The recipe's options.</summary>
    public DictionaryLearningTopKOptions Options => options;

    public override IReadOnlyList<(string Name, Tensor Value)> State => [.. base.State, .. _threshold.State];

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("threshold_after", _threshold.Value)];

    public override void Begin(TrainingBatch batch)
    {
        Parameters.DecoderBias.copy_(GeometricMedian.UntilStill(batch.Target, MedianMove));
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        (LatentChoice choice, Tensor pre) = Encode(x, norm: null);
        Tensor latents = Latents(choice, pre);
        Tensor reconstruction = Reconstruct(choice, latents);
        Tensor error = (reconstruction - x).square().sum(-1).mean();
        _threshold.Update(MeanOfSmallest(latents.detach()), step);
        Counters.Count(Counters.Fired(choice.Indices, latents, above: 0), batch.Rows, afterFiring: 0);
        Tensor dead = Counters.AtLeast(deadTokens);
        Tensor auxiliary = _auxiliary.Of(x, (x - reconstruction).detach(), dead);
        Tensor total = error + auxiliary.mul(options.AuxkAlpha);
        return new ForwardPass(
            new LossTerms(total, [("l2_loss", error), ("auxk_loss", auxiliary)]),
            reconstruction.detach(),
            ActiveLatents(latents),
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

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.TopK, K = K };
        return new SparseAutoencoder(config, ScaleFold.Of(ScaleFold.Views(weight), constants));
    }

    private static Tensor MeanOfSmallest(Tensor latents)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor smallest = latents.masked_fill(latents.le(0.0), double.PositiveInfinity).amin([1]);
        Tensor finite = smallest.isfinite();
        Tensor sum = smallest.masked_fill(finite.logical_not(), 0.0).sum();
        return (sum / finite.sum().clamp_min(1L)).MoveToOuterDisposeScope();
    }
}
