using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The loss of dictionary_learning's top-k trainer.</summary>
/// <remarks>
/// <c>l2_loss = mean_rows Σ_d (x_hat - x)²</c>. The running threshold averages over rows each row's smallest kept latent; rows that kept
/// none are left out. The exported form keeps the k largest and has no threshold.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class DictionaryLearningTopKObjective(
    ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
    : SelectingObjective(parameters, options, deadTokens), IFusedObjective
{
    private readonly RowTopK _rows = new(parameters, matrixType);

    public int? EntriesPerRow => Options.K;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new DictionaryLearningTopKFused(context, this);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.TopK, K = Options.K };
        return new SparseAutoencoder(config, ScaleFold.Of(ScaleFold.Views(weight), constants));
    }

    public override void Dispose()
    {
        base.Dispose();
        _rows.Dispose();
    }

    protected override KeptLatents Keep(Tensor x)
    {
        (LatentChoice choice, Tensor pre) = _rows.Encode(x, norm: null, Options.K);
        Tensor latents = RowTopK.Latents(choice, pre);
        Tensor reconstruction = _rows.Reconstruct(choice, latents);
        return new KeptLatents(
            (reconstruction - x).square().sum(-1).mean(),
            reconstruction,
            Counters.Fired(choice.Indices, latents, above: 0),
            MeanOfSmallest(latents.detach()),
            RowTopK.ActiveLatents(latents),
            []);
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
