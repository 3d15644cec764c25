using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>The loss of EleutherAI's sparsify 1.3.3, for autoencoders and transcoders.</summary>
/// <remarks>
/// With <c>V = Σ (y - mean_rows y)²</c> over the batch: <c>fvu = Σ (y_hat - y)² / V</c>;
/// <c>auxk_loss = min(dead / (d/2), 1) Σ (R - e)² / V</c>, e the detached error, R decodes without bias the d/2 largest activations of
/// dead latents; <c>multi_topk_fvu</c> is the fvu of the decoding of the 4k largest activations.
/// <c>total = fvu + auxk_alpha auxk_loss + multi_topk_fvu / 8</c>. Neither of the two further terms reaches the encoder. The peer
/// also picks, and sends gradients to, activations of zero where a row has fewer than k positive ones; which of them is chance, and
/// here none is.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not been picked for more than this number of tokens.</param>
/// <param name="rows">Picks latents.</param>
internal abstract class SparsifyObjective(ParameterSet parameters, SparsifyOptions options, long deadTokens, RowTopK rows)
    : TopKObjective(parameters, options.K, rows)
{
    private const int Wider = 4;
    private const double WiderShare = 1 / 8.0;

    private readonly int _mostDead = Math.Max(1, parameters.OutputWidth / 2);
    private readonly Reading _kept = new();
    private Tensor? _pickedZero;

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("k", _kept.Value), ("picked_zero", _pickedZero!)];

    /// <summary>The recipe's options.</summary>
    public SparsifyOptions Options => options;

    /// <summary>What is subtracted from the input before encoding [d_in], with a graph where the loss reaches it.</summary>
    protected abstract Tensor Offset { get; }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor dead = Dead();
        int kept = KeptAt(step);
        Tensor centred = (batch.Input - Offset.detach()).contiguous();
        SparsifyPicks picks = Pick(centred, kept);
        Tensor pre = ChosenPreActivations.Of(centred, Parameters.Encoder, Parameters.EncoderBias, Offset, picks.Choice.Indices);
        Tensor latents = RowTopK.Latents(picks.Choice, pre);
        Tensor reconstruction = Bypass(batch.Input, Rows.Reconstruct(picks.Choice, latents));
        Tensor variance = (batch.Target - batch.Target.mean([0])).square().sum();
        Tensor unexplained = (reconstruction - batch.Target).square().sum() / variance;
        Tensor auxiliary = options.AuxkAlpha > 0 && dead.shape[0] > 0
            ? Auxiliary(centred, (batch.Target - reconstruction).detach(), dead) / variance
            : zeros_like(unexplained);
        Tensor wider = picks.Wider is null ? zeros_like(unexplained) : WiderError(picks.Wider, picks.WiderValues!, batch.Target) / variance;
        Count(Fired(picks, latents), latents.detach().le(0.0).sum(), batch.Rows);
        Tensor total = unexplained + auxiliary.mul(options.AuxkAlpha) + wider.mul(WiderShare);
        return new ForwardPass(
            new LossTerms(total, [("fvu", unexplained), ("auxk_loss", auxiliary), ("multi_topk_fvu", wider)]),
            reconstruction.detach(),
            RowTopK.ActiveLatents(latents),
            dead.shape[0]);
    }

    /// <summary>Latents kept in each row of a step, which the report of the step then tells.</summary>
    public int KeptAt(long step)
    {
        int kept = options.KeptAt(step);
        _kept.Set(kept);
        return kept;
    }

    /// <summary>Latents that are dead before a batch is counted: int64 [m], ascending.</summary>
    public Tensor Dead()
    {
        return Counters.Above(deadTokens);
    }

    /// <summary>Counts a batch in.</summary>
    /// <param name="fired">Which latents were picked with a value above zero: bool [n].</param>
    /// <param name="pickedZero">How many picks had none, a scalar that lives as long as the step.</param>
    /// <param name="rows">Rows of the batch.</param>
    public void Count(Tensor fired, Tensor pickedZero, int rows)
    {
        Counters.Count(fired, rows, afterFiring: 0);
        _pickedZero = pickedZero;
    }

    public override void Dispose()
    {
        base.Dispose();
        _kept.Dispose();
    }

    /// <summary>Adds what reaches the output past the latents.</summary>
    protected virtual Tensor Bypass(Tensor input, Tensor reconstruction)
    {
        return reconstruction;
    }

    /// <summary>The architecture of the saved form.</summary>
    protected SparseArchitecture Exported =>
        options.Activation == SparsifyActivation.GroupMax ? SparseArchitecture.GroupMax : SparseArchitecture.TopK;

    /// <summary>Picks latents as an activation does.</summary>
    protected static RowTopK Picker(ParameterSet parameters, SparsifyOptions options, ScalarType matrixType)
    {
        return options.Activation == SparsifyActivation.GroupMax
            ? new RowTopK(parameters, new GroupMaxSelector(matrixType))
            : new RowTopK(parameters, matrixType);
    }

    /// <summary>Picks the latents of each row; where more must reconstruct, those first, and from their exact values the kept ones.</summary>
    private SparsifyPicks Pick(Tensor centred, int kept)
    {
        if (!options.MultiTopk)
        {
            return new SparsifyPicks(Rows.Choose(centred, norm: null, kept), null, null);
        }

        using var noGradient = no_grad();
        LatentChoice wider = Rows.Choose(centred, norm: null, Math.Min(Wider * kept, Parameters.Latents));
        Tensor biases = Parameters.EncoderBias.index_select(0, wider.Indices.reshape(-1)).view(wider.Indices.shape);
        Tensor values = RowTopK.Latents(wider, RowProducts.Dot(centred, Parameters.Encoder, wider.Indices) + biases);
        (Tensor largest, Tensor places) = values.topk(kept, -1);
        Tensor mask = largest.gt(0.0).to(ScalarType.Float32);
        return new SparsifyPicks(new LatentChoice(wider.Indices.gather(1, places).contiguous(), mask), wider, values);
    }

    private Tensor Auxiliary(Tensor centred, Tensor residual, Tensor dead)
    {
        Tensor kept;
        using (no_grad())
        {
            Tensor pre = centred.mm(Parameters.Encoder.index_select(0, dead).t()) + Parameters.EncoderBias.index_select(0, dead);
            kept = DeadLatents.KeepLargest(pre.relu(), _mostDead);
        }

        Tensor prediction = kept.mm(Parameters.Decoder.index_select(0, dead));
        double weight = Math.Min(dead.shape[0] / (double)_mostDead, 1);
        return (prediction - residual).square().sum().mul(weight);
    }

    private Tensor WiderError(LatentChoice wider, Tensor values, Tensor target)
    {
        return (Rows.Reconstruct(wider, values) - target).square().sum();
    }

    private Tensor Fired(SparsifyPicks picks, Tensor latents)
    {
        return picks.Wider is null
            ? Counters.Fired(picks.Choice.Indices, latents, above: 0)
            : Counters.Fired(picks.Wider.Indices, picks.WiderValues!, above: 0);
    }
}
