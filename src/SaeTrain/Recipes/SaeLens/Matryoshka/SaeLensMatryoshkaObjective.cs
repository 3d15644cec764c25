using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Recipes.SaeLens.TopK;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.Matryoshka;

/// <summary>The loss of SAELens' <c>matryoshka_batchtopk</c> training architecture, release 6.54, and of random prefixes.</summary>
/// <remarks>
/// One batch top-k over all latents; each prefix reconstructs from those of its latents that were picked, plus the bias:
/// <c>inner_mse_loss_W = w mean_rows Σ_d (x_hat_W - x)²</c>, and <c>mse_loss</c> the same for all latents, w 1 or one over the number of
/// prefixes. AuxK by <see cref="SaeLensAuxiliary"/>, on the whole reconstruction's error, or on each prefix's error by the dead
/// latents that the prefix adds.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="prefixes">The prefixes of each step.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class SaeLensMatryoshkaObjective(
    ParameterSet parameters, SaeLensMatryoshkaOptions options, IPrefixes prefixes, double inputScale, long deadSteps, ScalarType matrixType)
    : SaeLensBatchObjective(parameters, options, inputScale, deadSteps, matrixType), IFusedObjective
{
    /// <summary>The recipe's options.</summary>
    public new SaeLensMatryoshkaOptions Options => options;

    /// <summary>The prefixes of each step.</summary>
    public IPrefixes Prefixes => prefixes;

    public int? EntriesPerRow => null;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new SaeLensMatryoshkaFused(context, this);
    }

    protected override (LossTerms Losses, Tensor Reconstruction) Losses(
        Tensor x, long step, LatentEntries entries, Tensor values, Tensor dead, Tensor? norm)
    {
        IReadOnlyList<int> lengths = prefixes.At(step);
        Tensor reconstructions = Reconstructions(x, lengths, entries, values);
        Tensor errors = (reconstructions - x).pow(2.0).sum(-1).mean([1]);
        if (options.PrefixWeights == SaeLensMatryoshkaOptions.Mean)
        {
            errors = errors / (double)lengths.Count;
        }

        Tensor residuals = (x - reconstructions).detach();
        Tensor auxiliary = options.UseMatryoshkaAuxLoss
            ? LevelAuxiliary(x, residuals, lengths, dead, norm)
            : Auxiliary.Of(x, residuals.select(0, lengths.Count - 1), dead, norm);
        List<(string Name, Tensor Value)> terms =
        [
            ("mse_loss", errors.select(0, lengths.Count - 1)),
            ("auxiliary_reconstruction_loss", auxiliary),
            .. lengths.SkipLast(1)
                .Select((length, level) => (Name: prefixes.LossName(length), Error: errors.select(0, level)))
                .GroupBy(term => term.Name)
                .Select(term => (term.Key, term.Select(level => level.Error).Aggregate((sum, error) => sum + error))),
        ];
        return (new LossTerms(errors.sum() + auxiliary, terms), reconstructions.select(0, lengths.Count - 1));
    }

    /// <summary>The reconstruction by each prefix [prefixes, rows, d]: the running sum of what each adds to the one before.</summary>
    private Tensor Reconstructions(Tensor x, IReadOnlyList<int> lengths, LatentEntries entries, Tensor values)
    {
        Tensor inner = tensor(lengths.SkipLast(1).Select(length => (long)length).ToArray(), device: x.device);
        Tensor level = entries.Latents.unsqueeze(1).ge(inner).sum(1);
        Tensor targets = (level * x.shape[0]) + entries.Rows;
        Tensor added = EntryReconstruction.Of(values, Parameters.Decoder, entries.Latents, targets, lengths.Count * x.shape[0]);
        return added.view(lengths.Count, x.shape[0], -1).cumsum(0) + Parameters.DecoderBias;
    }

    private Tensor LevelAuxiliary(Tensor x, Tensor residuals, IReadOnlyList<int> lengths, Tensor dead, Tensor? norm)
    {
        return lengths
            .Select((length, level) => Auxiliary.Of(x, residuals.select(0, level), Between(dead, level == 0 ? 0 : lengths[level - 1], length), norm))
            .Aggregate((sum, term) => sum + term);
    }

    private static Tensor Between(Tensor dead, long first, long end)
    {
        return dead.masked_select(dead.ge(first).logical_and(dead.lt(end)));
    }
}
