using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>What the losses of dictionary_learning's trainers share that choose latents among all entries of a batch.</summary>
/// <remarks>
/// The k rows largest positive pre-activations of the batch are kept. The running threshold follows the smallest kept latent of the
/// batch and becomes the threshold of the exported JumpReLU, as which the peer's own class acts. A run that ends before the peer's
/// average has begun exports the last batch's smallest kept latent.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal abstract class BatchSelectingObjective(
    ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
    : SelectingObjective(parameters, options, deadTokens)
{
    private readonly BatchLatentSelector _selector = new(matrixType);

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null };
        SparseWeights weights = ScaleFold.Views(weight) with { Threshold = Threshold.ForInference().expand(config.Latents) };
        return new SparseAutoencoder(config, ScaleFold.Of(weights, constants));
    }

    public override void Dispose()
    {
        base.Dispose();
        _selector.Dispose();
    }

    protected override KeptLatents Keep(Tensor x)
    {
        Tensor centred = (x - Parameters.DecoderBias.detach()).contiguous();
        LatentEntries entries = _selector.Choose(centred, Parameters.Encoder, Parameters.EncoderBias, scale: null, Options.K * x.shape[0]);
        Tensor latents = EntryPreActivations.Of(centred, Parameters, entries).relu();
        (Tensor error, Tensor reconstruction, IReadOnlyList<(string, Tensor)> parts) = Error(x, entries, latents);
        return new KeptLatents(
            error,
            reconstruction,
            Counters.Fired(entries.Latents, latents, above: 0),
            Smallest(latents.detach()),
            latents.detach().gt(0.0).sum(ScalarType.Float64).div((double)x.shape[0]),
            parts);
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
